/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of a bill as files: the PDF, without names for who may not read them, and the signed
 * e-invoice, which names its buyer and is for who may. */
#include "api/bill_file.h"
#include "api/bills.h"
#include "document/invoice_view.h"

/* clang-format off */
#define DOCUMENT_ASKED(F, R) \
    F(R, number, TEXT(1, 96), PATH, "Số hóa đơn", "Number of the bill")
API_SCHEMA(document_asked, DOCUMENT_ASKED);
/* clang-format on */

static err_t refuse_personal(struct api_call *call)
{
    err_set(call->err, E_FORBIDDEN, NULL, "Hóa đơn điện tử có tên và địa chỉ của khách hàng",
            "The e-invoice has the name and address of the customer");
    return err_hint(call->err, "Xin quyền xem thông tin khách hàng tại đơn vị",
                    "Ask for the right to read customers at the unit");
}

static err_t open_names(struct api_call *call, const struct bill_row *row, bool *out)
{
    return api_open(call, row->key.unit_id, row->key.agreement_id, out);
}

/* Shown in the browser, and saved under the number of the bill. */
static void name_file(struct api_call *call, struct str name, const char *ending)
{
    call->response->type = call->operation->file;
    struct str value =
        arena_printf(call->arena, "inline; filename=\"%.*s.%s\"", STR_ARG(name), ending);
    http_add_header(call->response, "Content-Disposition", value);
}

static err_t send_pdf(struct api_call *call, const void *asked, void *answer)
{
    const struct document_asked *in = asked;
    const struct facts_options options = {.photo_folder = call->site->photo_folder,
                                          .portal = call->site->portal,
                                          .demonstration = call->site->demonstration};
    struct bill_row row;
    struct bill_file_form form = {.english = call->request->language == HTTP_ENGLISH};
    (void)answer;
    err_t e = api_bill(call, in->number, LOGIN_SEES_BILLS, &row);
    if (e == OK) e = open_names(call, &row, &form.names);
    if (e != OK) return e;
    form.address = form.names || call->caller.kind == CALLER_CUSTOMER;
    name_file(call, in->number, "pdf");
    return bill_file(call->db, call->arena, &options, &row, &form, call->response->body, call->err);
}

static err_t refuse_unnumbered(struct api_call *call)
{
    err_set(call->err, E_NOT_FOUND, NULL, "Hóa đơn này chưa có hóa đơn điện tử",
            "This bill has no e-invoice yet");
    return err_hint(call->err, "Hỏi lại sau khi hóa đơn điện tử được cấp số và ký",
                    "Ask again once the e-invoice has been numbered and signed");
}

static err_t send_invoice(struct api_call *call, const void *asked, void *answer)
{
    const struct document_asked *in = asked;
    struct bill_row row;
    struct invoice_row invoice;
    struct str xml, number = in->number;
    (void)answer;
    bool open = false;
    err_t e = api_bill(call, number, LOGIN_SEES_BILLS, &row);
    if (e == OK) e = open_names(call, &row, &open);
    if (e != OK) return e;
    if (!open) return refuse_personal(call);
    e = invoice_find(call->db, call->arena, number, row.unit_code, &invoice, call->err);
    if (e == E_NOT_FOUND) return refuse_unnumbered(call);
    if (e == OK) e = invoice_document(call->db, call->arena, &invoice, &xml, call->err);
    if (e != OK) return e;
    name_file(call, number, "xml");
    buf_add(call->response->body, xml);
    return OK;
}

static const struct api_operation operations[] = {
    {.method = HTTP_GET,
     .pattern = "/api/v1/bills/{number}/document.pdf",
     .id = "bill.pdf",
     .vi = "Hóa đơn dạng PDF",
     .en = "The bill as PDF",
     .asked = &document_asked_schema,
     .handle = send_pdf,
     .permission = PERMISSION_BILL_READ,
     .customers = true,
     .file = "application/pdf"},
    {.method = HTTP_GET,
     .pattern = "/api/v1/bills/{number}/invoice.xml",
     .id = "bill.invoice",
     .vi = "Hóa đơn điện tử đã ký",
     .en = "The signed e-invoice",
     .asked = &document_asked_schema,
     .handle = send_invoice,
     .permission = PERMISSION_BILL_READ,
     .customers = true,
     .file = "application/xml"},
};
API_RESOURCE(documents, "Chứng từ", "Documents", operations);
