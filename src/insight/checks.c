/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/checks.h"

/* "PD0100 202610 12": unit, month, group. */
#define GROUP_NAME "u.code || ' ' || CAST(g.month AS TEXT) || ' ' || CAST(g.group_no AS TEXT)"
#define GROUPS     "SELECT " GROUP_NAME " FROM peer_group g JOIN unit u ON u.unit_id = g.unit_id "

/* The member that looks is not among those it looks at. */
const struct check check_peer_floor = {
    .name = "peer.floor",
    .vi = "Nhóm so sánh công bố đủ số hộ tối thiểu, không hộ nào chiếm quá 15 %",
    .en = "A published group has enough homes, and none of them more than 15 %",
    .sql = GROUPS "JOIN peer_month m ON m.unit_id = g.unit_id AND m.month = g.month "
                  "WHERE g.state = 'published' AND (m.floor < 15 OR g.member_count <= m.floor OR "
                  "g.top_wh * 100 > (g.sum_wh - g.second_wh) * 15)"};

/* Groups lie inside each other or apart: what is left of one beside those published inside it are
 * the members that are shown it. */
const struct check check_peer_difference = {
    .name = "peer.difference",
    .vi = "Trừ các nhóm đã công bố cho nhau không còn lại nhóm nào quá ít hộ",
    .en = "Subtracting published groups from each other leaves no group too small",
    .sql = GROUPS
    "JOIN peer_month m ON m.unit_id = g.unit_id AND m.month = g.month "
    "JOIN (SELECT unit_id, month, group_no, count(*) AS homes FROM peer_home "
    "WHERE state = 'counted' AND group_no IS NOT NULL GROUP BY unit_id, month, group_no) h "
    "ON h.unit_id = g.unit_id AND h.month = g.month AND h.group_no = g.group_no "
    "WHERE h.homes <= m.floor OR h.homes > g.member_count"};

const struct check check_peer_shown = {
    .name = "peer.shown",
    .vi = "Hộ chỉ thấy nhóm đã công bố; hộ không so sánh thì không thấy nhóm nào",
    .en = "A home is shown a published group, and none when its use is not compared",
    .sql = "SELECT u.code || ' ' || CAST(h.month AS TEXT) || ' ' || CAST(h.point_id AS TEXT) "
           "FROM peer_home h JOIN unit u ON u.unit_id = h.unit_id LEFT JOIN peer_group g ON "
           "g.unit_id = h.unit_id AND g.month = h.month AND g.group_no = h.group_no "
           "WHERE h.group_no IS NOT NULL AND (g.state IS NULL OR g.state <> 'published' OR "
           "h.state NOT IN ('counted', 'exchanged'))"};

const struct check check_peer_counted = {
    .name = "peer.counted",
    .vi = "Mỗi tháng công bố có đúng số hộ đã xét",
    .en = "A published month has as many homes as were looked at",
    .sql = "SELECT u.code || ' ' || CAST(m.month AS TEXT) FROM peer_month m JOIN unit u ON "
           "u.unit_id = m.unit_id LEFT JOIN (SELECT unit_id, month, count(*) AS homes FROM "
           "peer_home GROUP BY unit_id, month) h ON h.unit_id = m.unit_id AND h.month = m.month "
           "WHERE COALESCE(h.homes, 0) <> m.home_count"};

const struct check check_audit_peers = {
    .name = "audit.peers",
    .vi = "Mỗi lần công bố so sánh có dấu vết trong nhật ký kiểm soát",
    .en = "Every publication of a comparison has its link in the audit chain",
    .sql = "SELECT u.code || ' ' || CAST(m.month AS TEXT) FROM peer_month m JOIN unit u ON "
           "u.unit_id = m.unit_id LEFT JOIN audit_entry a ON a.unit_id = m.unit_id AND "
           "a.stream = 'insight' AND a.action = 'peers.publish' AND "
           "a.subject = CAST(m.month AS TEXT) WHERE a.seq IS NULL"};
