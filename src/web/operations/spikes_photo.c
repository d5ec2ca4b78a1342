/* SPDX-License-Identifier: Apache-2.0 */
/* /van-hanh/anh/{month}/{point}/{sha256}: the picture of a register, and a small one of it (/nho).
 * */
#include "base/date.h"
#include "registry/registry_view.h"
#include "web/operations/spikes.h"
#include "web/visit_photo.h"

static err_t answer(struct visit *visit, size_t bytes_max)
{
    const struct str *asked = visit->request->segment;
    int64_t unit_id = 0, point_id;
    int32_t month, day;
    if (!month_parse(asked[0], &month)) return visit_nothing(visit);
    err_t e = point_by_code(visit->db, asked[1], &unit_id, &point_id, visit->err);
    if (e == E_NOT_FOUND) return visit_nothing(visit);
    if (e == OK)
        e = actor_require(visit->db, &visit->actor, unit_id, PERMISSION_READING_READ, visit->err);
    if (e == OK) e = photo_day(visit->db, unit_id, month, point_id, asked[2], &day, visit->err);
    if (e == OK) e = visit_note(visit, unit_id, ACCESS_POINT, point_id, S("photo.show"), S(""));
    return e == OK ? visit_photo(visit, asked[2], bytes_max) : e;
}

err_t operations_photo(struct visit *visit)
{
    return answer(visit, PHOTO_SHOWN_BYTES);
}

err_t operations_photo_small(struct visit *visit)
{
    return answer(visit, PHOTO_SMALL_BYTES);
}
