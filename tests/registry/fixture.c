/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "base/date.h"
#include "registry/import_kinds.h"

static void note(void *context, const struct import_finding *finding)
{
    struct buf *found = context;
    buf_printf(found, "%lld %.*s %s%s\n", (long long)finding->row_no, STR_ARG(finding->column),
               finding->warning ? "warning " : "", err_name(finding->err->code));
}

void run_import(struct db *db, const struct import_kind *kind, const char *text, int flags,
                const char *rejected_path, struct ran *out)
{
    struct buf found;
    buf_init_fixed(&found, out->found, sizeof out->found);
    struct import_request request = {.kind = kind,
                                     .text = str_of(text),
                                     .rejected_path = rejected_path,
                                     .source = S("tệp thử"),
                                     .actor_id = 7,
                                     .now_ms = vietnam_midnight_ms(day_from_civil(2026, 1, 5)),
                                     .keep_good = (flags & RUN_KEEP_GOOD) != 0,
                                     .correct = (flags & RUN_CORRECT) != 0,
                                     .dry_run = (flags & RUN_DRY) != 0,
                                     .context = &found,
                                     .found = note};
    out->e = import_run(db, &request, &out->counts, &out->err);
}

void must_import(struct db *db, const struct import_kind *kind, const char *text)
{
    static struct ran ran;
    run_import(db, kind, text, 0, NULL, &ran);
    if (ran.e != OK || ran.counts.rejected > 0) print_error("%s\n%s", kind->name, ran.found);
    check_ok(ran.e, &ran.err);
    assert_int_equal(ran.counts.rejected, 0);
}

void import_small_unit(struct db *db)
{
    must_import(db, &import_kind_units,
                "code,level,name,parent,customer_prefix,from\n"
                "PD,corporation,Tổng công ty,,,2020-01-01\n"
                "PD01,district_power,Điện lực Một,PD,,2020-01-01\n"
                "PD0100,unit,Điện lực Một,PD01,PD01,2020-01-01\n"
                "PD0200,unit,Điện lực Hai,PD,PD02,2020-01-01\n");
    must_import(db, &import_kind_places,
                "code,level,name,parent,class,price_area,from\n"
                "01,province,Thành phố Một,,city,,2020-01-01\n"
                "00001,commune,Phường Đông,01,ward,ward,2020-01-01\n"
                "00002,commune,Xã Tây,01,commune,commune,2020-01-01\n");
    must_import(db, &import_kind_network,
                "unit,kind,code,name,parent,rated_kva,place,from\n"
                "PD0100,substation,E1,Trạm E1,,,,2020-01-01\n"
                "PD0100,feeder,471E1,Lộ 471,E1,,,2020-01-01\n"
                "PD0100,station,T1,Trạm Đông,471E1,400,00001,2020-01-01\n"
                "PD0100,station,T2,Trạm Tây,471E1,250,00002,2020-01-01\n");
    must_import(db, &import_kind_parties,
                "unit,code,kind,name,phone,address\n"
                "PD0100,N1,person,Nguyễn Thị Đào,0912345678,1 phố Đông\n"
                "PD0100,N2,person,Trần Văn Mai,0987654321,2 phố Đông\n"
                "PD0100,N3,organisation,Ủy ban nhân dân xã Tây,0243000111,Xã Tây\n");
    must_import(db, &import_kind_accounts,
                "unit,code,payer,from\n"
                "PD0100,TK1,N1,2024-01-01\n"
                "PD0100,TK3,N3,2024-01-01\n");
    must_import(db, &import_kind_agreements,
                "unit,code,account,holder,signed_on,from,priority\n"
                "PD0100,PD01000000001,TK1,N1,2023-12-20,2024-01-01,none\n"
                "PD0100,PD01000000002,,N2,2023-12-21,2024-01-01,\n"
                "PD0100,PD01000000003,TK3,N3,2023-12-22,2024-01-01,priority\n"
                "PD0100,PD01000000004,TK3,N3,2023-12-22,2024-01-01,\n");
    must_import(db, &import_kind_books,
                "unit,code,name,reading_day\n"
                "PD0100,S1,Sổ Đông,10\n"
                "PD0100,S2,Sổ Tây,15\n");
    must_import(db, &import_kind_points,
                "unit,code,agreement,book,route_order,place,address,station,phase,demand_kw,"
                "unmetered_kwh,loss_percent,sub_of,from\n"
                "PD0100,PD01000000001001,PD01000000001,S1,20,00001,1 phố Đông,T1,A,,,,,2024-01-01\n"
                "PD0100,PD01000000002001,PD01000000002,S1,10,00001,2 phố Đông,T1,B,,,,,2024-01-01\n"
                "PD0100,PD01000000003001,PD01000000003,S2,1,00002,Trụ sở,T2,ABC,45.5,,1.5,,"
                "2024-01-01\n"
                "PD0100,PD01000000004001,PD01000000004,S2,2,00002,Đèn đường,T2,A,,310,,"
                "PD01000000003001,2024-01-01\n");
    must_import(db, &import_kind_meters,
                "unit,serial,maker,type,registers,digits,electronic,point,multiplier,hung_at,"
                "removed_at\n"
                "PD0100,0012345,EMIC,CV140,KT,5,0,PD01000000001001,1,2024-01-01 09:30,"
                "2025-06-15 10:05\n"
                "PD0100,0099999,EMIC,CE18,KT,6,1,PD01000000001001,1,2025-06-15 10:05,\n"
                "PD0100,0012346,EMIC,CV140,,,,PD01000000002001,,01/01/2024 10:00,\n"
                "PD0100,7700001,GELEX,ME42,BT/CD/TD+VC,6,1,PD01000000003001,40,2024-01-02,\n");
    must_import(db, &import_kind_uses,
                "point,uses,from,proof\n"
                "PD01000000001001,SH:-:100%,2024-01-01,BB 1\n"
                "PD01000000002001,SH:-:60%; KD:LT6:40%,2024-01-01,BB 2\n"
                "PD01000000003001,HC_CS:LT6:100%,2024-01-01,BB 3\n"
                "PD01000000004001,HC_CS:LT6:100%,2024-01-01,BB 3\n");
    must_import(db, &import_kind_households,
                "point,households,lodgers,from,proof,source,expires_on\n"
                "PD01000000001001,2,,2024-01-01,Giấy 1,công an phường,\n"
                "PD01000000002001,1,6,2024-03-01,Giấy 2,công an phường,2025-12-31\n");
}
