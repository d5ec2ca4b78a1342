/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/integer.h"
#include "ledger/ledger.h"

struct item_state {
    int64_t amount_vnd, settled_vnd;
};

static err_t read_item(struct db *db, int64_t unit_id, int64_t account_id, struct str reference,
                       struct item_state *out, struct err *err)
{
    struct args item = ARGS(v_i64(unit_id), v_i64(account_id), v_text(reference));
    err_t e = db_get_i64(db,
                         "SELECT amount_vnd FROM open_item "
                         "WHERE unit_id = $1 AND account_id = $2 AND reference = $3",
                         item, &out->amount_vnd, err);
    if (e == E_NOT_FOUND) {
        err_set(err, E_NOT_FOUND, "reference", "Không có khoản nợ hay có nào mang số %.*s",
                "There is no open item with the number %.*s", STR_ARG(reference));
        return err_hint(err, "Kiểm tra số hóa đơn hoặc số chứng từ và đơn vị của tài khoản",
                        "Check the number of the bill or document and the unit of the account");
    }
    if (e != OK) return e;
    return db_get_i64_or(db,
                         "SELECT CAST(sum(amount_vnd) AS BIGINT) FROM settlement "
                         "WHERE unit_id = $1 AND account_id = $2 AND reference = $3",
                         item, 0, &out->settled_vnd, err);
}

/* What is open of an item: its amount less its settlements. */
static err_t open_amount(struct db *db, int64_t unit_id, int64_t account_id, struct str reference,
                         int64_t *out_vnd, struct err *err)
{
    struct item_state item;
    err_t e = read_item(db, unit_id, account_id, reference, &item, err);
    if (e == OK) *out_vnd = item.amount_vnd - item.settled_vnd;
    return e;
}

static err_t refuse_more_than_open(struct str reference, int64_t open_vnd, struct err *err)
{
    err_set(err, E_STATE, "amount", "Khoản %.*s chỉ còn %lld đồng",
            "Item %.*s has only %lld đồng open", STR_ARG(reference), (long long)open_vnd);
    return err_hint(err, "Bù trừ không quá số còn lại của cả hai khoản",
                    "Set off no more than what is left of both items");
}

static err_t refuse_beyond(struct str reference, const struct item_state *item, struct err *err)
{
    err_set(err, E_STATE, "amount", "Khoản %.*s không thanh toán quá số của nó được",
            "Item %.*s cannot be settled beyond its amount", STR_ARG(reference));
    err_detail(err, "Số tiền %lld đồng, đã thanh toán %lld đồng",
               "Amount %lld đồng, settled %lld đồng", (long long)item->amount_vnd,
               (long long)item->settled_vnd);
    return err_hint(err, "Phần thừa là một khoản có riêng của khách hàng",
                    "What is paid beyond it is a credit of its own");
}

/* Settled never lies outside nothing and the whole amount, whichever sign the item has. */
static bool stays_within(const struct item_state *item, int64_t added_vnd)
{
    int64_t settled_vnd;
    if (!add_i64(item->settled_vnd, added_vnd, &settled_vnd)) return false;
    return item->amount_vnd > 0 ? settled_vnd >= 0 && settled_vnd <= item->amount_vnd
                                : settled_vnd <= 0 && settled_vnd >= item->amount_vnd;
}

err_t ledger_settle(struct db *db, int64_t unit_id, const struct ledger_settlement *settlement,
                    struct err *err)
{
    ASSERT(settlement->amount_vnd != 0);
    int64_t last_no;
    struct item_state item;
    err_t e = read_item(db, unit_id, settlement->account_id, settlement->reference, &item, err);
    if (e != OK) return e;
    if (!stays_within(&item, settlement->amount_vnd))
        return refuse_beyond(settlement->reference, &item, err);
    e = db_get_i64_or(db,
                      "SELECT max(settlement_no) FROM settlement "
                      "WHERE unit_id = $1 AND account_id = $2 AND reference = $3",
                      ARGS(v_i64(unit_id), v_i64(settlement->account_id),
                           v_text(settlement->reference)),
                      0, &last_no, err);
    if (e != OK) return e;
    char day[DATE_TEXT_BYTES];
    return db_run(db,
                  "INSERT INTO settlement (unit_id, account_id, reference, settlement_no, "
                  "by_reference, amount_vnd, settled_on) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                  ARGS(v_i64(unit_id), v_i64(settlement->account_id),
                       v_text(settlement->reference), v_i64(last_no + 1),
                       v_text(settlement->by_reference), v_i64(settlement->amount_vnd),
                       v_text(day_text(settlement->settled_day, day))),
                  NULL, err);
}

err_t ledger_set_off(struct db *db, int64_t unit_id, int64_t account_id,
                     struct str debt_reference, struct str credit_reference, int64_t amount_vnd,
                     int32_t settled_day, struct err *err)
{
    ASSERT(amount_vnd > 0);
    int64_t debt_vnd, credit_vnd;
    err_t e = open_amount(db, unit_id, account_id, debt_reference, &debt_vnd, err);
    if (e == OK) e = open_amount(db, unit_id, account_id, credit_reference, &credit_vnd, err);
    if (e != OK) return e;
    if (debt_vnd < amount_vnd) return refuse_more_than_open(debt_reference, debt_vnd, err);
    if (-credit_vnd < amount_vnd) return refuse_more_than_open(credit_reference, -credit_vnd, err);
    struct ledger_settlement debt = {account_id, debt_reference, credit_reference, amount_vnd,
                                     settled_day};
    struct ledger_settlement credit = {account_id, credit_reference, debt_reference, -amount_vnd,
                                       settled_day};
    e = ledger_settle(db, unit_id, &debt, err);
    return e != OK ? e : ledger_settle(db, unit_id, &credit, err);
}
