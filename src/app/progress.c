/* SPDX-License-Identifier: Apache-2.0 */
#include "app/progress.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/integer.h"

enum { BAR_CELLS = 20, LINE_MAX_BYTES = 512 };
#define SECOND_NS INT64_C(1000000000)
/* A terminal is redrawn five times a second, a log file gets a line every ten seconds. */
#define TERMINAL_NS (SECOND_NS / 5)
#define LOG_NS (10 * SECOND_NS)

static int64_t per_second(const struct progress *progress, int64_t elapsed_ns)
{
    int64_t rate = 0;
    if (elapsed_ns <= 0 ||
        !mul_div_truncate(progress->done, SECOND_NS, elapsed_ns, &rate))
        return 0;
    return rate;
}

/* Seconds left at the pace so far; negative when not known. */
static int64_t seconds_left(const struct progress *progress, int64_t elapsed_ns)
{
    int64_t left_ns;
    if (progress->total <= 0 || progress->done <= 0) return -1;
    int64_t left = max_i64(progress->total - progress->done, 0);
    if (!mul_div_half_up(left, elapsed_ns, progress->done, &left_ns)) return -1;
    return div_half_up(left_ns, SECOND_NS);
}

static void add_clock(struct buf *buf, int64_t seconds)
{
    if (seconds >= 3600) {
        buf_printf(buf, "%lld:%02lld:%02lld", (long long)(seconds / 3600),
                   (long long)(seconds / 60 % 60), (long long)(seconds % 60));
    } else {
        buf_printf(buf, "%lld:%02lld", (long long)(seconds / 60), (long long)(seconds % 60));
    }
}

void buf_add_progress_bar(struct buf *buf, const struct progress *progress, int64_t elapsed_ns)
{
    buf_printf(buf, "%s  ", progress->title_vi);
    if (progress->total > 0) {
        int64_t share = min_i64(progress->done * 100 / progress->total, 100);
        buf_add_char(buf, '[');
        for (int64_t i = 0; i < BAR_CELLS; i++)
            buf_add(buf, i * 100 < share * BAR_CELLS ? S("█") : S("░"));
        buf_printf(buf, "] %3lld %%  ", (long long)share);
    } else {
        buf_add_grouped(buf, progress->done);
        buf_add(buf, S("  "));
    }
    buf_add_grouped(buf, per_second(progress, elapsed_ns));
    buf_printf(buf, " %s/giây", progress->unit_vi);
    int64_t left = seconds_left(progress, elapsed_ns);
    if (left < 0) return;
    buf_add(buf, S("  còn "));
    add_clock(buf, left);
}

void buf_add_progress_line(struct buf *buf, const struct progress *progress, int64_t elapsed_ns)
{
    buf_printf(buf, "progress job=\"%s\" done=%lld", progress->job, (long long)progress->done);
    if (progress->total > 0) buf_printf(buf, " total=%lld", (long long)progress->total);
    buf_printf(buf, " per_second=%lld", (long long)per_second(progress, elapsed_ns));
    int64_t left = seconds_left(progress, elapsed_ns);
    if (left >= 0) buf_printf(buf, " left_s=%lld", (long long)left);
}

static void write_now(struct progress *progress, int64_t now_ns)
{
    char place[LINE_MAX_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, place, sizeof place);
    if (progress->terminal) {
        buf_add(&buf, S("\r\033[K"));
        buf_add_progress_bar(&buf, progress, now_ns - progress->started_ns);
    } else {
        buf_add_progress_line(&buf, progress, now_ns - progress->started_ns);
        buf_add_char(&buf, '\n');
    }
    ssize_t written = write(STDERR_FILENO, buf.p, buf.n);
    (void)written; /* Progress that nobody can see stops nothing. */
    progress->written_ns = now_ns;
    progress->written_done = progress->done;
}

void progress_start(struct progress *progress, const char *job, const char *title_vi,
                    const char *unit_vi, int64_t total)
{
    int64_t now_ns = clock_monotonic_ns();
    *progress = (struct progress){.title_vi = title_vi, .unit_vi = unit_vi, .job = job,
                                  .total = total, .started_ns = now_ns, .written_ns = now_ns,
                                  .written_done = -1, .terminal = isatty(STDERR_FILENO) == 1};
}

void progress_at(struct progress *progress, int64_t done)
{
    ASSERT(done >= 0);
    progress->done = done;
    int64_t now_ns = clock_monotonic_ns();
    int64_t wait_ns = progress->terminal ? TERMINAL_NS : LOG_NS;
    if (now_ns - progress->written_ns >= wait_ns) write_now(progress, now_ns);
}

void progress_end(struct progress *progress)
{
    if (progress->written_done != progress->done) write_now(progress, clock_monotonic_ns());
    if (!progress->terminal) return;
    ssize_t written = write(STDERR_FILENO, "\n", 1);
    (void)written;
}
