/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files and folders, with errors that name the path, the reason and the remedy.
 *
 * A file is written beside its place and renamed into it after fsync, so that readers see the old
 * content or the new one and a power cut leaves one of them.
 * Ownership: results live in the caller's arena. Threads: safe. Paths end in NUL. */
#ifndef SANGDEN_BASE_FILE_H
#define SANGDEN_BASE_FILE_H

#include "base/arena.h"
#include "base/error.h"

/* Longest path that is accepted. */
enum { FILE_PATH_MAX_BYTES = 4096 };

/* The whole content; "-" is standard input. E_IO, E_LIMIT when longer than max_bytes. */
NODISCARD err_t file_read(struct arena *arena, const char *path, size_t max_bytes,
                          struct str *out, struct err *err);

/* Replaces or creates the file, all or nothing. E_IO. */
NODISCARD err_t file_write(const char *path, struct str content, struct err *err);

/* The same for content that comes in pieces: next gives them one after the other, an empty one at
 * the end. The errors of next; E_IO. */
typedef err_t file_next(void *context, struct str *out_piece, struct err *err);
NODISCARD err_t file_write_pieces(const char *path, file_next *next, void *context,
                                  struct err *err);

/* The same for keys: only the owner may read it. E_IO. */
NODISCARD err_t file_write_secret(const char *path, struct str content, struct err *err);

/* The same without waiting for the disk, for many files that folder_settle ends: after a power cut
 * before it, one may be empty or cut off. E_IO. */
NODISCARD err_t file_write_soon(const char *path, struct str content, struct err *err);

/* Waits until what was written into the folder is on the disk. E_IO. */
NODISCARD err_t folder_settle(const char *path, struct err *err);
/* A new file beside its place, for what is written piece by piece: fd is open for writing, and
 * others may open path too while it lasts. */
struct file_beside {
    char path[FILE_PATH_MAX_BYTES];
    char place[FILE_PATH_MAX_BYTES];
    int fd;
};
/* E_IO. */
NODISCARD err_t file_beside_open(const char *place, struct file_beside *out, struct err *err);
/* Syncs it and puts it into its place, or removes it. E_IO. */
NODISCARD err_t file_beside_place(struct file_beside *beside, struct err *err);
/* Removes it. */
void file_beside_drop(struct file_beside *beside);

/* Whether something stands at the path: a file, a folder, anything else. */
bool file_exists(const char *path);

/* Makes the folder and those above it that are missing; an existing folder is fine. E_IO. */
NODISCARD err_t folder_make(const char *path, struct err *err);
/* The same for the folder of a file that is to stand at the path. */
NODISCARD err_t folder_make_for(const char *path, struct err *err);

/* The names inside a folder without "." and "..", in byte order. E_IO, E_LIMIT. */
NODISCARD err_t folder_list(struct arena *arena, const char *path, size_t max_names,
                            struct str **out_names, size_t *out_count, struct err *err);

/* Describes a failed system call on path by its errno. Answers E_IO. */
err_t file_error(struct err *err, const char *path, int error_number);

#endif
