/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/vault.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "identity/sodium_ready.h"

enum {
    OTHERS_MAY = 077,
    FILE_MAX_BYTES = 256,
    MARK_CHARACTERS = 32,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES
};
static_assert(NONCE_BYTES + TAG_BYTES == VAULT_SEAL_BYTES, "a seal is a nonce and a tag");
static_assert(VAULT_KEY_BYTES == crypto_kdf_KEYBYTES, "the key derives others");
static_assert(HASH_BYTES == crypto_auth_hmacsha256_BYTES, "a keyed hash is a hash");

static const struct str first_line = S_INIT("sangden identity key 1\n");

/* ---- the file ---------------------------------------------------------------------------- */

err_t vault_make(const char *path, struct err *err)
{
    char memory[FILE_MAX_BYTES];
    unsigned char key[VAULT_KEY_BYTES];
    struct buf text;
    if (file_exists(path)) {
        err_set(err, E_STATE, "SANGDEN_IDENTITY_KEY", "Tệp khóa %s đã có",
                "The key file %s is there already", path);
        return err_hint(err, "Giữ tệp này; đổi khóa làm mất mọi yếu tố thứ hai đã đăng ký",
                        "Keep it: another key loses every second factor that is enrolled");
    }
    random_bytes(key, sizeof key);
    buf_init_fixed(&text, memory, sizeof memory);
    buf_add(&text, first_line);
    buf_add_hex(&text, key, sizeof key);
    buf_add_char(&text, '\n');
    err_t e = folder_make_for(path, err);
    if (e == OK) e = file_write_secret(path, buf_str(&text), err);
    sodium_memzero(key, sizeof key);
    sodium_memzero(memory, sizeof memory);
    return e;
}

static err_t check_file(const char *path, struct err *err)
{
    struct stat about;
    if (stat(path, &about) != 0 && errno == ENOENT) {
        err_set(err, E_STATE, "SANGDEN_IDENTITY_KEY", "Chưa có tệp khóa %s của kho dữ liệu",
                "The key file %s of the store is not there", path);
        return err_hint(err,
                        "Chép tệp khóa về chỗ đó, hoặc tạo khóa đầu tiên bằng: sangden identity "
                        "key",
                        "Put it there, or make the first one with: sangden identity key");
    }
    if (stat(path, &about) != 0) return file_error(err, path, errno);
    if ((about.st_mode & OTHERS_MAY) == 0) return OK;
    err_set(err, E_FORBIDDEN, "SANGDEN_IDENTITY_KEY", "Người khác cũng đọc được tệp khóa %s",
            "Others may read the key file %s", path);
    return err_hint(err, "Chạy: chmod 600 %s", "Run: chmod 600 %s", path);
}

static err_t refuse_content(const char *path, struct err *err)
{
    err_set(err, E_INPUT, "SANGDEN_IDENTITY_KEY", "%s không phải là tệp khóa", "%s is no key file",
            path);
    return err_hint(err, "Phục hồi tệp do sangden identity key đã tạo",
                    "Restore the file that sangden identity key made");
}

err_t vault_open(const char *path, struct vault *out, struct err *err)
{
    struct arena arena;
    struct str content;
    struct vault vault;
    size_t size = 0;
    err_t e = check_file(path, err);
    if (e != OK) return e;
    sodium_ready();
    arena_init(&arena, 64 * 1024);
    e = file_read(&arena, path, FILE_MAX_BYTES, &content, err);
    if (e == OK) {
        struct str hex = str_trim(str_sub(content, first_line.n, content.n));
        bool good =
            str_starts(content, first_line) &&
            sodium_hex2bin(vault.key, sizeof vault.key, hex.p, hex.n, NULL, &size, NULL) == 0 &&
            size == sizeof vault.key;
        if (!good) e = refuse_content(path, err);
        sodium_memzero((void *)(uintptr_t)content.p, content.n);
    }
    if (e == OK) *out = vault;
    arena_release(&arena);
    vault_forget(&vault);
    return e;
}

void vault_forget(struct vault *vault)
{
    sodium_memzero(vault, sizeof *vault);
}

/* ---- which store ------------------------------------------------------------------------- */

static err_t compare_mark(struct db *db, const struct vault *vault, bool take, struct err *err)
{
    struct arena arena;
    char text[HASH_TEXT_BYTES];
    struct str known;
    struct hash mark = vault_mac(vault, VAULT_MARK, S("sangden identity key"));
    struct str own = str_sub(hash_text(&mark, text), 0, MARK_CHARACTERS);
    arena_init(&arena, 16 * 1024);
    err_t e = store_property(db, &arena, S("identity_key"), &known, err);
    if (e == OK && known.n == 0 && take) e = store_property_set(db, S("identity_key"), own, err);
    else if (e == OK && !str_equal(known, own)) {
        err_set(err, E_STATE, "SANGDEN_IDENTITY_KEY",
                known.n == 0 ? "Kho dữ liệu chưa nhận khóa nào"
                             : "Đây là khóa của kho dữ liệu khác",
                known.n == 0 ? "The store has no key yet" : "This is the key of another store");
        e = err_hint(err, "Đặt đúng tệp khóa, hoặc chạy một lần: sangden identity key",
                     "Name the right key file, or run once: sangden identity key");
    }
    arena_release(&arena);
    return e;
}

err_t vault_bind(struct db *db, const struct vault *vault, struct err *err)
{
    ASSERT(db_in_transaction(db));
    return compare_mark(db, vault, true, err);
}

err_t vault_check(struct db *db, const struct vault *vault, struct err *err)
{
    return compare_mark(db, vault, false, err);
}

err_t vault_taken(struct db *db, bool *out, struct err *err)
{
    struct arena arena;
    struct str known;
    arena_init(&arena, 16 * 1024);
    err_t e = store_property(db, &arena, S("identity_key"), &known, err);
    if (e == OK) *out = known.n > 0;
    arena_release(&arena);
    return e;
}

/* ---- sealing and hashing ----------------------------------------------------------------- */

/* A key of its own for each use. */
static void derive(const struct vault *vault, enum vault_use use,
                   unsigned char out[VAULT_KEY_BYTES])
{
    sodium_ready();
    int failed =
        crypto_kdf_derive_from_key(out, VAULT_KEY_BYTES, (uint64_t)use, "identity", vault->key);
    ASSERT(failed == 0);
}

void vault_seal(const struct vault *vault, struct str place, struct str plain, unsigned char *out)
{
    unsigned char key[VAULT_KEY_BYTES];
    derive(vault, VAULT_SECRET, key);
    random_bytes(out, NONCE_BYTES);
    int failed = crypto_aead_xchacha20poly1305_ietf_encrypt(
        out + NONCE_BYTES, NULL, (const unsigned char *)plain.p, plain.n,
        (const unsigned char *)place.p, place.n, NULL, out, key);
    ASSERT(failed == 0);
    sodium_memzero(key, sizeof key);
}

bool vault_unseal(const struct vault *vault, struct str place, struct str sealed,
                  unsigned char *out)
{
    unsigned char key[VAULT_KEY_BYTES];
    const unsigned char *bytes = (const unsigned char *)sealed.p;
    if (sealed.n < VAULT_SEAL_BYTES) return false;
    derive(vault, VAULT_SECRET, key);
    int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        out, NULL, NULL, bytes + NONCE_BYTES, sealed.n - NONCE_BYTES,
        (const unsigned char *)place.p, place.n, bytes, key);
    sodium_memzero(key, sizeof key);
    return failed == 0;
}

struct hash vault_mac(const struct vault *vault, enum vault_use use, struct str text)
{
    struct hash mac;
    unsigned char key[VAULT_KEY_BYTES];
    derive(vault, use, key);
    crypto_auth_hmacsha256(mac.byte, (const unsigned char *)text.p, text.n, key);
    sodium_memzero(key, sizeof key);
    return mac;
}

bool hash_same(const struct hash *a, const struct hash *b)
{
    return sodium_memcmp(a->byte, b->byte, HASH_BYTES) == 0;
}
