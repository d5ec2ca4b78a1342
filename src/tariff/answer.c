/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/answer.h"

#include "tariff/request.h"

enum { KWH_PLACES = 3, KW_PLACES = 3, MVND_PLACES = 3, PERCENT_PLACES = 2, PPM_PLACES = 6,
       TEXT_BYTES = 1024 };

static struct str kind_code(const struct calc_line *line)
{
    static const struct str codes[] = {[LINE_ENERGY] = S_INIT("energy"),
                                       [LINE_REACTIVE] = S_INIT("reactive"),
                                       [LINE_SUPPORT] = S_INIT("support"),
                                       [LINE_FEE] = S_INIT("fee")};
    return codes[line->kind];
}

/* A text, or null when it is empty. */
static void text_or_null(struct json_writer *writer, struct str key, struct str text)
{
    if (text.n == 0) json_null(writer, key);
    else json_text(writer, key, text);
}

static void write_basis(struct json_writer *writer, const struct price_book *book,
                        const struct calc_request *request, const struct calc_line *line)
{
    char text[TEXT_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, text, sizeof text);
    calc_basis_vi(book, request, line, &buf);
    json_text(writer, S("basis"), buf_str(&buf));
    buf_init_fixed(&buf, text, sizeof text);
    calc_basis_en(book, request, line, &buf);
    json_text(writer, S("basis_en"), buf_str(&buf));
}

/* What a line is of: the members before its block. */
static void write_head(struct json_writer *writer, const struct price_book *book,
                       const struct calc_line *line)
{
    bool reactive = line->kind == LINE_REACTIVE;
    json_text(writer, S("kind"), kind_code(line));
    if (reactive) json_null(writer, S("category"));
    else json_text(writer, S("category"), category_code((enum category)line->category));
    text_or_null(writer, S("voltage"), voltage_code((enum voltage)line->voltage));
    if (reactive) json_null(writer, S("decision"));
    else json_text(writer, S("decision"), book->decision[line->decision].id);
    json_day(writer, S("from"), line->from_day);
    json_day(writer, S("to"), line->to_day);
}

static bool same_head(const struct calc_line *a, const struct calc_line *b)
{
    return a->kind == b->kind && a->category == b->category && a->voltage == b->voltage &&
           a->decision == b->decision && a->from_day == b->from_day && a->to_day == b->to_day;
}

/* Where the head of the line before stands in the answer; most lines of a bill have the same. */
struct head {
    const struct calc_line *line;
    size_t start, end;
};

static void write_line(struct json_writer *writer, const struct price_book *book,
                       const struct calc_request *request, const struct calc_line *line,
                       struct head *head)
{
    bool reactive = line->kind == LINE_REACTIVE;
    json_object(writer, JSON_ITEM);
    size_t start = writer->out->n;
    if (head->line != NULL && same_head(head->line, line))
        json_again(writer, head->start, head->end);
    else write_head(writer, book, line);
    *head = (struct head){line, start, writer->out->n};
    if (line->tier == 0) json_null(writer, S("tier"));
    else json_i64(writer, S("tier"), line->tier);
    text_or_null(writer, S("tou"), tou_code((enum tou)line->tou));
    if (line->wh < 0) json_null(writer, S("kwh"));
    else json_decimal(writer, S("kwh"), line->wh, KWH_PLACES);
    bool per_kw = line->kind == LINE_FEE, percentage = line->wh < 0 && !per_kw;
    if (percentage) json_null(writer, S("price"));
    else json_decimal(writer, S("price"), line->price_vnd, 0);
    if (reactive) json_decimal(writer, S("quantity"), line->cosphi_hundredths, PERCENT_PLACES);
    if (per_kw) json_decimal(writer, S("quantity"), request->demand_w, KW_PLACES);
    if (percentage) json_decimal(writer, S("percent"), line->percent_hundredths, PERCENT_PLACES);
    json_decimal(writer, S("amount"), line->amount_mvnd, MVND_PLACES);
    write_basis(writer, book, request, line);
    json_end(writer);
}

void answer_warning(struct json_writer *writer, const char *code, const char *field,
                    struct str text_vi, struct str text_en)
{
    json_object(writer, JSON_ITEM);
    json_text(writer, S("code"), str_of(code));
    json_text(writer, S("text_vi"), text_vi);
    json_text(writer, S("text_en"), text_en);
    text_or_null(writer, S("field"), str_of(field));
    json_end(writer);
}

/* A warning about a thing named in both languages, with how sure the house is of it. */
static void warn_confidence(struct json_writer *writer, const char *code, struct str thing_vi,
                            struct str thing_en, enum confidence confidence)
{
    char vi[TEXT_BYTES], en[TEXT_BYTES];
    struct buf buf_vi, buf_en;
    buf_init_fixed(&buf_vi, vi, sizeof vi);
    buf_init_fixed(&buf_en, en, sizeof en);
    buf_printf(&buf_vi, "%.*s chưa được kiểm chứng đầy đủ (%.*s); đối chiếu văn bản gốc trước khi "
               "lập hóa đơn", STR_ARG(thing_vi), STR_ARG(confidence_vi(confidence)));
    buf_printf(&buf_en, "%.*s is not verified (%.*s); compare the document before billing",
               STR_ARG(thing_en), STR_ARG(confidence_code(confidence)));
    answer_warning(writer, code, NULL, buf_str(&buf_vi), buf_str(&buf_en));
}

void answer_price_warning(struct json_writer *writer, const struct decision *decision,
                          enum category category, enum voltage voltage,
                          enum confidence confidence)
{
    if (confidence == VERIFIED) return;
    char vi[TEXT_BYTES], en[TEXT_BYTES];
    struct buf buf_vi, buf_en;
    buf_init_fixed(&buf_vi, vi, sizeof vi);
    buf_init_fixed(&buf_en, en, sizeof en);
    struct str at = voltage_code(voltage);
    const char *space = at.n > 0 ? " " : "";
    buf_printf(&buf_vi, "Giá %.*s%s%.*s của %.*s", STR_ARG(category_code(category)), space,
               STR_ARG(at), STR_ARG(decision->id));
    buf_printf(&buf_en, "The price of %.*s%s%.*s in %.*s", STR_ARG(category_code(category)), space,
               STR_ARG(at), STR_ARG(decision->id));
    warn_confidence(writer, "price_not_verified", buf_str(&buf_vi), buf_str(&buf_en), confidence);
}

void answer_vat_warning(struct json_writer *writer, const struct vat_rate *vat)
{
    if (vat->confidence == VERIFIED) return;
    char vi[TEXT_BYTES], en[TEXT_BYTES];
    struct buf buf_vi, buf_en;
    buf_init_fixed(&buf_vi, vi, sizeof vi);
    buf_init_fixed(&buf_en, en, sizeof en);
    buf_printf(&buf_vi, "Thuế suất GTGT theo %.*s", STR_ARG(vat->legal_vi));
    buf_printf(&buf_en, "The VAT rate by %.*s", STR_ARG(vat->legal_en));
    warn_confidence(writer, "vat_not_verified", buf_str(&buf_vi), buf_str(&buf_en),
                    (enum confidence)vat->confidence);
}

static bool same_price(const struct calc_line *a, const struct calc_line *b)
{
    return a->kind == b->kind && a->decision == b->decision && a->category == b->category &&
           a->voltage == b->voltage && a->confidence == b->confidence;
}

static void warn_prices(struct json_writer *writer, const struct price_book *book,
                        const struct calc_result *result)
{
    for (size_t i = 0; i < result->line_count; i++) {
        const struct calc_line *line = &result->line[i];
        size_t before = 0;
        while (before < i && !same_price(&result->line[before], line)) before++;
        bool priced = line->kind == LINE_ENERGY || line->kind == LINE_FEE;
        if (!priced || before < i) continue;
        answer_price_warning(writer, &book->decision[line->decision],
                             (enum category)line->category, (enum voltage)line->voltage,
                             (enum confidence)line->confidence);
    }
}

static void warn_decision(struct json_writer *writer, const struct decision *decision)
{
    char vi[TEXT_BYTES], en[TEXT_BYTES];
    struct buf buf_vi, buf_en;
    buf_init_fixed(&buf_vi, vi, sizeof vi);
    buf_init_fixed(&buf_en, en, sizeof en);
    if (decision->from_day == DAY_OPEN) {
        buf_printf(&buf_vi, "%.*s chưa áp dụng cho hóa đơn", STR_ARG(decision->document_vi));
        buf_printf(&buf_en, "%.*s is not applied to bills yet", STR_ARG(decision->document_en));
        answer_warning(writer, "decision_not_in_force", "decision", buf_str(&buf_vi),
                       buf_str(&buf_en));
    } else if (decision->confidence != VERIFIED) {
        buf_printf(&buf_vi, "Ngày hiệu lực của %.*s", STR_ARG(decision->document_vi));
        buf_printf(&buf_en, "The first day of %.*s", STR_ARG(decision->document_en));
        warn_confidence(writer, "decision_not_verified", buf_str(&buf_vi), buf_str(&buf_en),
                        (enum confidence)decision->confidence);
    }
}

static void warn_decisions(struct json_writer *writer, const struct price_book *book,
                           const struct calc_result *result)
{
    int last = -1;
    for (size_t i = 0; i < result->line_count; i++) {
        const struct calc_line *line = &result->line[i];
        if (line->kind != LINE_ENERGY || line->decision == last) continue;
        last = line->decision;
        warn_decision(writer, &book->decision[last]);
    }
}

static void warn_support(struct json_writer *writer, const struct price_book *book,
                         const struct calc_result *result)
{
    for (size_t i = 0; i < result->line_count; i++) {
        const struct calc_line *line = &result->line[i];
        if (line->kind != LINE_SUPPORT || line->confidence == VERIFIED) continue;
        size_t before = 0;
        while (before < i && (result->line[before].kind != LINE_SUPPORT ||
                              result->line[before].campaign != line->campaign ||
                              result->line[before].confidence != line->confidence))
            before++;
        if (before < i) continue;
        const struct campaign *campaign = &book->campaign[line->campaign];
        warn_confidence(writer, "support_not_verified", campaign->document_vi,
                        campaign->document_en, (enum confidence)line->confidence);
    }
}

static void warn_rules(struct json_writer *writer, const struct price_book *book,
                       const struct calc_result *result)
{
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        const struct book_rule_text *rule = &book->rule[i];
        if ((result->rule_mask >> i & 1) == 0 || rule->confidence == VERIFIED) continue;
        warn_confidence(writer, "rule_not_verified", rule->legal_vi, rule->legal_en,
                        (enum confidence)rule->confidence);
    }
    for (size_t i = 0; i < result->line_count; i++) {
        const struct calc_line *line = &result->line[i];
        if (line->kind != LINE_REACTIVE || line->confidence == VERIFIED) continue;
        const struct reactive_rule *rule = book_reactive_at(book, line->to_day);
        warn_confidence(writer, "rule_not_verified", rule->legal_vi, rule->legal_en,
                        (enum confidence)line->confidence);
    }
}

void answer_write(const struct price_book *book, const struct calc_request *request,
                  const struct calc_result *result, struct buf *out)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_object(&writer, JSON_ITEM);
    json_array(&writer, S("lines"));
    struct head head = {.line = NULL};
    for (size_t i = 0; i < result->line_count; i++)
        write_line(&writer, book, request, &result->line[i], &head);
    json_end(&writer);
    json_i64(&writer, S("pre_vat"), result->pre_vat_vnd);
    json_decimal(&writer, S("vat_rate"), result->vat_ppm, PPM_PLACES);
    json_i64(&writer, S("vat"), result->vat_vnd);
    json_i64(&writer, S("total"), result->total_vnd);
    json_decimal(&writer, S("kwh"), result->total_wh, KWH_PLACES);
    if (request->backbill != BACKBILL_NONE) {
        const int64_t *billed_wh = request->billed.wh;
        json_decimal(&writer, S("billed"), billed_wh[0] + billed_wh[1] + billed_wh[2], KWH_PLACES);
    }
    json_array(&writer, S("warnings"));
    warn_prices(&writer, book, result);
    warn_decisions(&writer, book, result);
    warn_support(&writer, book, result);
    warn_rules(&writer, book, result);
    if (result->vat_index >= 0) answer_vat_warning(&writer, &book->vat[result->vat_index]);
    json_end(&writer);
    json_text(&writer, S("price_book"), str_of(book->hash));
    json_end(&writer);
}

err_t calc_answer(const struct price_book *book, struct arena *arena, struct str text,
                  struct buf *out, struct err *err)
{
    struct json *root;
    struct calc_request request;
    struct calc_result result;
    err_t code = json_parse(arena, text, &root, err);
    if (code == OK) code = request_read(book, REQUEST_CALC, arena, root, &request, err);
    if (code == OK) code = calc_rate(book, &request, arena, &result, err);
    if (code == OK) answer_write(book, &request, &result, out);
    return code;
}
