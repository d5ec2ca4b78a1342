/* SPDX-License-Identifier: Apache-2.0 */
#include "web/desk/desk.h"

static const struct http_route routes[] = {
    PAGE("/ban-lam-viec", desk_start, STAFF(CUSTOMER_READ)),
    PAGE("/ban-lam-viec/tim", desk_start, STAFF(CUSTOMER_READ)),
    FORM("/ban-lam-viec/tim", desk_search, STAFF(CUSTOMER_READ)),
    PAGE("/ban-lam-viec/khach-hang/{ma}", desk_customer, STAFF(CUSTOMER_READ)),
    FORM("/ban-lam-viec/khach-hang/{ma}/xac-minh", desk_check, STAFF(CUSTOMER_READ)),
    FORM("/ban-lam-viec/khach-hang/{ma}/ket-thuc", desk_over, STAFF(CUSTOMER_READ)),
    FORM("/ban-lam-viec/khach-hang/{ma}/giu", desk_hold, STAFF(HOLD_PLACE)),
    FORM("/ban-lam-viec/khach-hang/{ma}/giu/{so}/bo", desk_lift, STAFF(HOLD_LIFT)),
    FORM("/ban-lam-viec/khach-hang/{ma}/dang-nhap", desk_register, STAFF(LOGIN_MANAGE)),
    FORM("/ban-lam-viec/khach-hang/{ma}/dang-nhap/{nguoi}/thu-hoi", desk_take_back,
         STAFF(LOGIN_MANAGE)),
    FORM("/ban-lam-viec/khach-hang/{ma}/dang-nhap/{nguoi}/doi", desk_change_contact,
         STAFF(LOGIN_MANAGE)),
    FORM("/ban-lam-viec/khach-hang/{ma}/goi-lai", desk_call_take, STAFF(LOGIN_MANAGE)),
    FORM("/ban-lam-viec/khach-hang/{ma}/goi-lai/xong", desk_call_close, STAFF(LOGIN_MANAGE)),
    PAGE("/ban-lam-viec/goi-lai", desk_call_backs, STAFF(LOGIN_MANAGE)),
    PAGE("/ban-lam-viec/hoa-don/{so}", desk_bill, STAFF(CUSTOMER_READ)),
    PAGE("/ban-lam-viec/hoa-don/{so}/pdf", desk_bill_pdf, STAFF(BILL_READ)),
};
const struct http_routes web_desk_routes = {routes, ARRAY_COUNT(routes)};
