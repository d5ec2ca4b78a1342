// SPDX-License-Identifier: Apache-2.0
// The pages that walk.mjs looks at, by who reaches them: "open", "customer", or a staff code of the
// demonstration. {bill}, {agreement}, {account} and {run} are those of one customer.
export const pages = [
  { who: 'open', path: '/dang-nhap' },
  { who: 'open', path: '/dang-nhap/lan-dau' },
  { who: 'open', path: '/dang-nhap/nhan-vien' },
  { who: 'open', path: '/dang-nhap/nhan-vien/mat-khau' },
  { who: 'open', path: '/kiem-chung' },
  { who: 'open', path: '/tro-giup' },
  { who: 'open', path: '/khong-co', status: 404 },
  { who: 'customer', path: '/khach-hang' },
  { who: 'customer', path: '/khach-hang/hoa-don' },
  { who: 'customer', path: '/khach-hang/hoa-don/{bill}' },
  { who: 'customer', path: '/khach-hang/chi-so' },
  { who: 'customer', path: '/khach-hang/so-sanh' },
  { who: 'customer', path: '/khach-hang/du-lieu' },
  { who: 'customer', path: '/khach-hang/lien-he' },
  { who: 'customer', path: '/khach-hang/nguong' },
  { who: 'TRUONGHD', path: '/tai-khoan' },
  { who: 'TRUONGHD', path: '/tai-khoan/mat-khau' },
  { who: 'TRUONGHD', path: '/ban-lam-viec' },
  { who: 'TRUONGHD', path: '/ban-lam-viec/tim?q=ngo' },
  { who: 'TRUONGHD', path: '/ban-lam-viec/khach-hang/{agreement}' },
  { who: 'TRUONGHD', path: '/van-hanh/don-vi' },
  { who: 'TRUONGHD', path: '/van-hanh/phuc-tra' },
  { who: 'TRUONGHD', path: '/van-hanh/phuc-tra/2026-10/PZ00010000100001/1-periodic-1' },
];
