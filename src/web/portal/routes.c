/* SPDX-License-Identifier: Apache-2.0 */
#include "web/portal/portal.h"

static const struct http_route routes[] = {
    PAGE("/khach-hang", portal_home, CUSTOMER),
    /* From a home screen: an address of its own, so that the channel is counted in /metrics. */
    PAGE("/khach-hang/ung-dung", portal_home, CUSTOMER),
    {HTTP_GET, "/khach-hang/sw.js", portal_worker, 0, 0, NULL},
    PAGE("/khach-hang/hoa-don", portal_bills, CUSTOMER),
    PAGE("/khach-hang/hoa-don/{so}", portal_bill, CUSTOMER),
    PAGE("/khach-hang/hoa-don/{so}/pdf", portal_bill_pdf, CUSTOMER),
    PAGE("/khach-hang/hoa-don/{so}/xml", portal_bill_xml, CUSTOMER),
    PAGE("/khach-hang/hoa-don/{so}/ma-thanh-toan", portal_bill_code, CUSTOMER),
    PAGE("/khach-hang/chi-so", portal_readings, CUSTOMER),
    PAGE("/khach-hang/chi-so/{thang}/{diem}/{anh}", portal_photo, CUSTOMER),
    PAGE("/khach-hang/so-sanh", portal_compare, CUSTOMER),
    FORM("/khach-hang/so-sanh", portal_set_compare, CUSTOMER),
    PAGE("/khach-hang/du-lieu", portal_my_data, CUSTOMER),
    FORM("/khach-hang/du-lieu/quyen", portal_give_access, CUSTOMER),
    FORM("/khach-hang/du-lieu/quyen/{nguoi}", portal_end_access, CUSTOMER),
    FORM("/khach-hang/du-lieu/thiet-bi", portal_end_sessions, CUSTOMER),
    FORM("/khach-hang/du-lieu/thiet-bi/{phien}", portal_end_session, CUSTOMER),
    FORM("/khach-hang/du-lieu/may/{may}", portal_forget_device, CUSTOMER),
    FORM("/khach-hang/du-lieu/dong-y", portal_consent, CUSTOMER),
    FORM("/khach-hang/du-lieu/yeu-cau", portal_ask_data, CUSTOMER),
    FORM("/khach-hang/du-lieu/tai-ve", portal_take_data, CUSTOMER),
    PAGE("/khach-hang/tai-khoan/{tk}", portal_account, CUSTOMER),
    PAGE("/khach-hang/tai-khoan/{tk}/bang-ke.pdf", portal_account_pdf, CUSTOMER),
    PAGE("/khach-hang/tai-khoan/{tk}/bang-ke.xlsx", portal_account_sheet, CUSTOMER),
    FORM("/khach-hang/tai-khoan/{tk}/goi", portal_account_archive, CUSTOMER),
    PAGE("/khach-hang/nguong", portal_limit, CUSTOMER),
    FORM("/khach-hang/nguong", portal_set_limit, CUSTOMER),
    PAGE("/khach-hang/hop-tac-xa", portal_cooperative, CUSTOMER),
    FORM("/khach-hang/hop-tac-xa", portal_declare_resale, CUSTOMER),
    FORM("/khach-hang/hop-tac-xa/rut-lai", portal_retract_resale, CUSTOMER),
};
const struct http_routes web_portal_routes = {routes, ARRAY_COUNT(routes)};
