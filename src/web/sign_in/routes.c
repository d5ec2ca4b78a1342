/* SPDX-License-Identifier: Apache-2.0 */
#include "web/sign_in/sign_in.h"

#define FIRST VISIT_STAFF_FIRST, VISIT_NO_PERMISSION

static const struct http_route routes[] = {
    PAGE("/dang-nhap", sign_in_ask, OPEN),
    FORM("/dang-nhap", sign_in_send, OPEN),
    PAGE("/dang-nhap/ma", sign_in_code_page, OPEN),
    FORM("/dang-nhap/ma", sign_in_code, OPEN),
    PAGE("/dang-nhap/lan-dau", sign_in_first_page, OPEN),
    FORM("/dang-nhap/lan-dau", sign_in_first, OPEN),
    PAGE("/dang-nhap/lan-dau/lien-he", sign_in_contact_page, OPEN),
    FORM("/dang-nhap/lan-dau/lien-he", sign_in_contact, OPEN),
    FORM("/dang-nhap/lan-dau/ma", sign_in_register, OPEN),
    PAGE("/dang-nhap/goi-lai", sign_in_call_back_page, OPEN),
    FORM("/dang-nhap/goi-lai", sign_in_call_back, OPEN),
    PAGE("/dang-nhap/nhan-vien", sign_in_staff_page, OPEN),
    FORM("/dang-nhap/nhan-vien", sign_in_staff, OPEN),
    PAGE("/dang-nhap/nhan-vien/ma", sign_in_second_page, FIRST),
    FORM("/dang-nhap/nhan-vien/ma", sign_in_second, FIRST),
    PAGE("/dang-nhap/nhan-vien/xac-thuc", sign_in_enrol_page, FIRST),
    FORM("/dang-nhap/nhan-vien/xac-thuc", sign_in_enrol, FIRST),
    PAGE("/dang-nhap/nhan-vien/mat-khau", sign_in_set_up_page, OPEN),
    FORM("/dang-nhap/nhan-vien/mat-khau", sign_in_set_up, OPEN),
    FORM("/dang-xuat", sign_in_out, OPEN),
    PAGE("/khach-hang/lien-he", contact_change_page, CUSTOMER),
    FORM("/khach-hang/lien-he/xac-nhan", contact_prove_send, CUSTOMER),
    FORM("/khach-hang/lien-he/ma", contact_prove, CUSTOMER),
    FORM("/khach-hang/lien-he", contact_change_send, CUSTOMER),
    FORM("/khach-hang/lien-he/moi", contact_change, CUSTOMER),
    PAGE("/tai-khoan", account_page, ANY_STAFF),
    PAGE("/tai-khoan/mat-khau", account_password_page, ANY_STAFF),
    FORM("/tai-khoan/mat-khau", account_password, ANY_STAFF),
    FORM("/tai-khoan/phien/{phien}", account_end_session, ANY_STAFF),
    FORM("/tai-khoan/thiet-bi/{thiet-bi}", account_forget_device, ANY_STAFF),
    PAGE("/tai-khoan/ma-du-phong", account_codes_page, ANY_STAFF),
    FORM("/tai-khoan/ma-du-phong", account_codes, ANY_STAFF),
};
const struct http_routes web_sign_in_routes = {routes, ARRAY_COUNT(routes)};
