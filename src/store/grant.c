/* SPDX-License-Identifier: Apache-2.0 */
/* Rights of the role sangden_app, when a PostgreSQL server has one: the owner migrates, the role
 * works, and what is append-only can be neither changed nor deleted by it even without triggers. */
#include "store/migration_int.h"

static const char grant_sql[] =
    "DO $body$ DECLARE t record; BEGIN"
    " IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'sangden_app')"
    " THEN RETURN; END IF;"
    " FOR t IN SELECT name, append_only FROM store_table LOOP"
    "  EXECUTE format('GRANT SELECT, INSERT ON %I TO sangden_app', t.name);"
    "  IF t.append_only = 1"
    "  THEN EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM sangden_app', t.name);"
    "  ELSE EXECUTE format('GRANT UPDATE, DELETE ON %I TO sangden_app', t.name);"
    "  END IF;"
    " END LOOP;"
    " FOR t IN SELECT viewname AS name FROM pg_catalog.pg_views"
    "  WHERE schemaname = current_schema() LOOP"
    "  EXECUTE format('GRANT SELECT ON %I TO sangden_app', t.name);"
    " END LOOP;"
    " GRANT SELECT ON store_migration, store_table TO sangden_app;"
    " END $body$";

err_t store_grant(struct db *db, struct err *err)
{
    return db_engine(db) == DB_SQLITE ? OK : db_script(db, str_of(grant_sql), err);
}
