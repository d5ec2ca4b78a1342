/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_fields.h"

#include "base/buffer.h"

/* Mostly told apart by the first byte, so that no name is measured. */
static bool is_named(struct str key, const char *name)
{
    for (size_t i = 0; i < key.n; i++)
        if (name[i] == '\0' || name[i] != key.p[i]) return false;
    return name[key.n] == '\0';
}

static const struct json *find(const struct json *map, const char *name)
{
    if (map == NULL || map->type != JSON_MAP) return NULL;
    for (const struct json *member = map->child; member != NULL; member = member->next)
        if (is_named(member->key, name)) return member;
    return NULL;
}

bool field_given(const struct json *map, const char *name)
{
    const struct json *value = find(map, name);
    return value != NULL && value->type != JSON_NULL;
}

err_t field_wrong_type(const char *name, const struct json *value, const char *expected_vi,
                       const char *expected_en, struct err *err)
{
    err_set(err, E_INPUT, name, "Trường này phải là %s%.0s, không phải %s%.0s",
            "%.0sThis field must be %s, not %.0s%s", expected_vi, expected_en,
            json_type_vi(value->type), json_type_en(value->type));
    return err_hint(err, "Sửa kiểu dữ liệu của trường", "Correct the type of the field");
}

err_t(field_missing)(const char *name, struct err *err)
{
    err_set(err, E_INPUT, name, "Thiếu trường bắt buộc", "A required field is missing");
    return err_hint(err, "Bổ sung trường này vào yêu cầu", "Add the field to the request");
}

static bool is_listed(struct str key, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_named(key, names[i])) return true;
    return false;
}

/* "a, b, c" of the names that are known, for the remedy. */
static void join_names(struct buf *out, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0) buf_add(out, S(", "));
        buf_add(out, str_of(names[i]));
    }
}

static err_t unknown_field(struct str key, const char *const *names, size_t count, struct err *err)
{
    char known[ERR_HINT_BYTES];
    struct buf known_buf;
    buf_init_fixed(&known_buf, known, sizeof known);
    join_names(&known_buf, names, count);
    err_set(err, E_INPUT, NULL, "Trường này không được biết đến", "This field is not known");
    err_field(err, key);
    return err_hint(err, "Chỉ dùng các trường: %s", "Use only these fields: %s", known);
}

err_t fields_only(const struct json *map, const char *const *names, size_t count, struct err *err)
{
    if (map->type != JSON_MAP)
        return field_wrong_type(NULL, map, "một đối tượng", "an object", err);
    for (const struct json *member = map->child; member != NULL; member = member->next)
        if (!is_listed(member->key, names, count))
            return unknown_field(member->key, names, count, err);
    return OK;
}

err_t field_required(const struct json *map, const char *name, const struct json **out,
                     struct err *err)
{
    const struct json *value = find(map, name);
    if (value == NULL) return field_missing(name, err);
    *out = value;
    return OK;
}

err_t field_typed(const struct json *map, const char *name, enum json_type type,
                  const struct json **out, struct err *err)
{
    const struct json *value;
    err_t code = field_required(map, name, &value, err);
    if (code != OK) return code;
    if (value->type != type)
        return field_wrong_type(name, value, json_type_vi(type), json_type_en(type), err);
    *out = value;
    return OK;
}

err_t field_bool(const struct json *map, const char *name, bool otherwise, bool *out,
                 struct err *err)
{
    const struct json *value = find(map, name);
    if (value != NULL && value->type != JSON_TRUE && value->type != JSON_FALSE)
        return field_wrong_type(name, value, "true hoặc false", "true or false", err);
    *out = value != NULL ? value->type == JSON_TRUE : otherwise;
    return OK;
}

err_t fields_prefix(struct err *err, const char *name, size_t index)
{
    char prefix[ERR_FIELD_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, prefix, sizeof prefix);
    buf_printf(&buf, "%s[%zu]%s", name, index, err->field[0] != '\0' ? "." : "");
    return err_prefix(err, prefix);
}

err_t fields_prefix_name(struct err *err, struct str name)
{
    char prefix[2 * ERR_FIELD_BYTES];
    struct buf buf;
    bool joins = err->field[0] != '\0' && err->field[0] != '[';
    buf_init_fixed(&buf, prefix, sizeof prefix);
    buf_printf(&buf, "%.*s%s", STR_ARG(name), joins ? "." : "");
    return err_prefix(err, prefix);
}
