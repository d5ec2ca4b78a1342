// SPDX-License-Identifier: Apache-2.0
// The pages that walk.mjs looks at, by who reaches them: "open", "customer", a staff code of the
// demonstration, or who is half way in: "asked" waits for a code, "proved" came with a bill, KIEMSOAT
// needs a second factor. {bill}, {agreement}, {account}, {wholesale} and {run} are those of one customer.
export const pages = [
  { who: 'open', path: '/dang-nhap' },
  { who: 'open', path: '/dang-nhap/lan-dau' },
  { who: 'open', path: '/dang-nhap/goi-lai' },
  { who: 'open', path: '/dang-nhap/nhan-vien' },
  { who: 'open', path: '/dang-nhap/nhan-vien/mat-khau' },
  { who: 'open', path: '/kiem-chung' },
  { who: 'open', path: '/tro-giup' },
  { who: 'open', path: '/khong-co', status: 404 },
  { who: 'asked', path: '/dang-nhap/ma' },
  { who: 'proved', path: '/dang-nhap/lan-dau/lien-he' },
  { who: 'customer', path: '/khach-hang' },
  { who: 'customer', path: '/khach-hang/ung-dung' },
  { who: 'customer', path: '/khach-hang/hoa-don' },
  { who: 'customer', path: '/khach-hang/hoa-don/{bill}' },
  { who: 'customer', path: '/khach-hang/chi-so' },
  { who: 'customer', path: '/khach-hang/so-sanh' },
  { who: 'customer', path: '/khach-hang/du-lieu' },
  { who: 'customer', path: '/khach-hang/lien-he' },
  { who: 'customer', path: '/khach-hang/nguong' },
  { who: 'customer', path: '/khach-hang/hop-tac-xa?hop-dong={wholesale}' },
  { who: 'customer', path: '/khach-hang/tai-khoan/{account}?thang=2026-09' },
  { who: 'customer', path: '/khach-hang?hop-dong={agreement}' },
  { who: 'customer', path: '/tro-giup' },
  { who: 'TRUONGHD', path: '/tai-khoan' },
  { who: 'TRUONGHD', path: '/tai-khoan/mat-khau' },
  { who: 'TRUONGHD', path: '/ban-lam-viec' },
  { who: 'TRUONGHD', path: '/ban-lam-viec/tim', type: { into: '#q', words: 'ngo' } },
  { who: 'TRUONGHD', path: '/ban-lam-viec/khach-hang/{agreement}' },
  { who: 'GIAODICH', path: '/ban-lam-viec/goi-lai' },
  { who: 'TRUONGHD', path: '/van-hanh/don-vi' },
  { who: 'TRUONGHD', path: '/van-hanh/phuc-tra' },
  { who: 'TRUONGHD', path: '/van-hanh/phuc-tra/2026-10/PZ00010000100001/1-periodic-1' },
  { who: 'TRUONGHD', path: '/van-hanh/so?thang=2026-10' },
  { who: 'TRUONGHD', path: '/van-hanh/so/PZ0001/S0001/2026-10/1' },
  { who: 'TRUONGHD', path: '/van-hanh' },
  { who: 'TRUONGHD', path: '/van-hanh/thay-doi/invoice.issued' },
  { who: 'TRUONGHD', path: '/van-hanh/ky' },
  { who: 'TRUONGHD', path: '/van-hanh/ky/{run}' },
  { who: 'TRUONGHD', path: '/van-hanh/danh-sach/giu-lai' },
  { who: 'TRUONGHD', path: '/van-hanh/danh-sach/khong-tinh-duoc' },
  { who: 'TRUONGHD', path: '/van-hanh/danh-sach/chua-co' },
  { who: 'TRUONGHD', path: '/van-hanh/bieu-gia' },
  { who: 'TRUONGHD', path: '/van-hanh/bieu-gia/1' },
  { who: 'TRUONGHD', path: '/van-hanh/doi-chieu' },
  { who: 'TRUONGHD', path: '/van-hanh/doi-chieu/S0001' },
  { who: 'TRUONGHD', path: '/van-hanh/kiem-tra' },
  { who: 'TRUONGHD', path: '/van-hanh/khoa-so' },
  { who: 'TRUONGHD', path: '/van-hanh/khoa-so?thang=2026-09' },
  { who: 'KIEMSOAT', path: '/dang-nhap/nhan-vien/xac-thuc' },
];

/** What is declared as a page and is none to look at, with what it is. */
export const others = {
  '/dang-nhap/nhan-vien/ma': 'asks who has a second factor: journeys.mjs passes it',
  '/tai-khoan/ma-du-phong': 'is for who has a second factor: journeys.mjs passes it',
  '/khach-hang/hoa-don/{so}/pdf': 'a file',
  '/khach-hang/hoa-don/{so}/xml': 'a file',
  '/khach-hang/hoa-don/{so}/ma-thanh-toan': 'a picture',
  '/khach-hang/chi-so/{thang}/{diem}/{anh}': 'a picture',
  '/khach-hang/tai-khoan/{tk}/bang-ke.pdf': 'a file',
  '/khach-hang/tai-khoan/{tk}/bang-ke.xlsx': 'a file',
  '/ban-lam-viec/hoa-don/{so}': 'leads to its customer, with the bill in hand',
  '/ban-lam-viec/hoa-don/{so}/pdf': 'a file',
  '/van-hanh/anh/{thang}/{diem}/{anh}': 'a picture',
  '/van-hanh/anh/{thang}/{diem}/{anh}/nho': 'a picture',
  '/van-hanh/so/{don-vi}/{so}/{thang}/{ky}/tien-do': 'a part of a page',
  '/van-hanh/ky-dang-cho': 'a part of a page',
  '/van-hanh/ky/{run}/tien-do': 'a part of a page',
  '/van-hanh/khoa-so/{don-vi}/tien-do/{thang}': 'a part of a page',
};

/** The patterns of pages that neither list has, and what the second has that is not declared. */
export function forgotten(declared) {
  const paths = pages.map(({ path }) => path.split('?')[0]);
  const walked = (pattern) => {
    const like = new RegExp('^' + pattern.split(/\{[\w-]+\}/).map((part) => part.replaceAll('.', '\\.')).join('[^/]+') + '$');
    return paths.some((path) => like.test(path));
  };
  const patterns = declared.filter(([kind]) => kind === 'PAGE').map(([, pattern]) => pattern);
  return [...patterns.filter((pattern) => !walked(pattern) && others[pattern] === undefined),
          ...Object.keys(others).filter((pattern) => !patterns.includes(pattern))];
}
