/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks and what stands between braces. */
#include "web/compiler/template_int.h"

struct str next_word(struct str *rest)
{
    *rest = str_trim(*rest);
    size_t end = 0;
    while (end < rest->n && rest->p[end] != ' ' && rest->p[end] != '\t') end++;
    struct str word = str_sub(*rest, 0, end);
    *rest = str_sub(*rest, end, rest->n);
    return word;
}

/* ---- nodes ------------------------------------------------------------------------------- */

static struct node *append(struct scan *scan, enum node_kind kind)
{
    struct node *node = ARENA_NEW(scan->of->arena, struct node);
    if (node == NULL) return NULL;
    *node = (struct node){
        .kind = kind, .context = scan->context, .line = template_line(scan->text, scan->at)};
    *scan->tail = node;
    scan->tail = &node->next;
    return node;
}

void words_flush(struct scan *scan)
{
    if (scan->words.n == 0) return;
    struct node *node = append(scan, NODE_LITERAL);
    if (node != NULL) node->words = arena_str(scan->of->arena, buf_str(&scan->words));
    buf_reset(&scan->words);
}

struct node *node_add(struct scan *scan, enum node_kind kind)
{
    words_flush(scan);
    return append(scan, kind);
}

/* ---- branches ---------------------------------------------------------------------------- */

/* Refuses a block that begins at a line. */
#define REFUSE_BLOCK(scan, line, vi, en) \
    (TEMPLATE_REFUSE((scan)->of, (scan)->file->path, line, vi, en), \
     err_hint((scan)->of->err, \
              "Mỗi {if}, {for} có một {end}; phần tử mở bên trong phải đóng bên trong", \
              "Every {if} and {for} has its {end}; what opens inside closes inside"))

/* Reads a block and checks that it leaves everything as open as it was. */
static err_t read_inside(struct scan *scan, struct node **tail, enum closer *out_closer)
{
    size_t line = template_line(scan->text, scan->at), depth = scan->depth, floor = scan->floor;
    enum context context = scan->context;
    struct node **outer = scan->tail;
    if (scan->nesting++ == TEMPLATE_DEPTH_MAX)
        return REFUSE_BLOCK(scan, line, "Lồng quá sâu", "Nested too deep");
    scan->floor = depth;
    err_t e = block_read(scan, tail, out_closer);
    if (e != OK) return e;
    scan->nesting--;
    scan->floor = floor;
    scan->tail = outer;
    if (*out_closer == CLOSE_FILE)
        return REFUSE_BLOCK(scan, line, "Khối không có {end}", "The block has no {end}");
    if (scan->depth != depth)
        return REFUSE_BLOCK(scan, scan->open[scan->depth - 1].line,
                            "Phần tử mở trong khối mà không đóng trong đó",
                            "An element opens inside a block and does not close there");
    bool same = scan->context == context || (scan->context >= IN_URL && context >= IN_URL);
    if (!same)
        return REFUSE_BLOCK(scan, line, "Khối kết thúc giữa thẻ hoặc thuộc tính",
                            "The block ends in the middle of a tag or attribute");
    if (context == IN_URL && scan->context == IN_URL_REST)
        return REFUSE_BLOCK(scan, line, "Đầu của địa chỉ nằm trong khối",
                            "The beginning of an address stands in a block");
    return OK;
}

err_t branch_read(struct scan *scan, struct str words)
{
    enum closer closer;
    struct node *node = node_add(scan, NODE_IF);
    struct str word = next_word(&words);
    if (node == NULL) return err_memory(scan->of->err);
    if (str_equal(word, S("not"))) {
        node->negated = true;
        word = next_word(&words);
    }
    err_t e = value_read(scan, word, &node->value);
    if (e != OK) return e;
    enum slot_type type = node->value.type;
    if (type == SLOT_component || type == SLOT_day || type == SLOT_month || type == SLOT_instant ||
        str_trim(words).n > 0)
        return REFUSE_BLOCK(scan, node->line, "Điều kiện không dùng được",
                            "This cannot be a condition");
    e = read_inside(scan, &node->first, &closer);
    if (e == OK && closer == CLOSE_ELSE) e = read_inside(scan, &node->second, &closer);
    if (e == OK && closer != CLOSE_END)
        return REFUSE_BLOCK(scan, node->line, "Khối {if} đóng không đúng",
                            "The {if} is not closed properly");
    return e;
}

err_t loop_read(struct scan *scan, struct str words)
{
    enum closer closer;
    struct node *node = node_add(scan, NODE_FOR);
    struct str name = next_word(&words);
    bool in = str_equal(next_word(&words), S("in"));
    struct str list = next_word(&words);
    if (node == NULL) return err_memory(scan->of->err);
    struct variable variable = {.name = name, .outer = scan->variables};
    for (const struct variable *v = scan->variables; v != NULL; v = v->outer)
        in = in && !str_equal(v->name, name);
    if (!in || !template_is_name(name) || list.n == 0 || str_trim(words).n > 0)
        return REFUSE_BLOCK(scan, node->line,
                            "Vòng lặp viết là {for dong in danh_sach}, tên còn mới",
                            "A loop is {for line in lines}, with a name not in use");
    err_t e = value_read(scan, list, &node->value);
    if (e != OK) return e;
    if (node->value.type != SLOT_list)
        return REFUSE_BLOCK(scan, node->line, "Ô này không phải danh sách", "This slot is no list");
    node->words = name;
    variable.list = node->value.slot;
    variable.owner = node->value.owner;
    scan->variables = &variable;
    e = read_inside(scan, &node->first, &closer);
    scan->variables = variable.outer;
    if (e == OK && closer != CLOSE_END)
        return REFUSE_BLOCK(scan, node->line, "Vòng lặp đóng không đúng",
                            "The loop is not closed properly");
    return e;
}

/* ---- blocks ------------------------------------------------------------------------------ */

/* What stands between the braces at scan, which moves behind them. */
static err_t take_braces(struct scan *scan, struct str *out)
{
    struct str rest = str_sub(scan->text, scan->at + 1, scan->text.n);
    size_t end = str_find(rest, '}');
    if (end == rest.n || str_find(str_sub(rest, 0, end), '\n') < end) {
        REFUSE(scan, "Dấu { không có } trên cùng dòng", "A { without } on its line");
        return err_hint(scan->of->err, "Viết &#123; cho dấu ngoặc nhọn",
                        "Write &#123; for a brace itself");
    }
    *out = str_trim(str_sub(rest, 0, end));
    scan->at += end + 2;
    return OK;
}

static bool is_end(struct str words, enum closer *out)
{
    if (str_equal(words, S("end"))) *out = CLOSE_END;
    else if (str_equal(words, S("else"))) *out = CLOSE_ELSE;
    else return false;
    return true;
}

/* The line breaks of the source stay, its indentation does not. */
static void skip_indentation(struct scan *scan)
{
    bool keeps = false;
    for (size_t i = 0; i < scan->depth; i++)
        keeps = keeps || str_equal(scan->open[i].name, S("pre")) ||
                str_equal(scan->open[i].name, S("textarea"));
    while (!keeps && scan->at < scan->text.n &&
           (scan->text.p[scan->at] == ' ' || scan->text.p[scan->at] == '\n'))
        scan->at++;
}

err_t refuse_words(struct scan *scan)
{
    REFUSE(scan, "Chữ nằm trong trang", "Words stand in the page");
    return err_hint(scan->of->err, "Thêm TEXT(…) vào %.*s rồi viết {t ten}",
                    "Add a TEXT(…) to %.*s and write {t name}", STR_ARG(scan->of->catalogue));
}

/* Letters of Vietnamese begin with these bytes; signs such as · and – with others. */
static bool is_letter(char c)
{
    unsigned char byte = (unsigned char)c;
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 0xC3 && byte <= 0xC7) || byte == 0xE1;
}

static err_t take_character(struct scan *scan)
{
    char c = scan->text.p[scan->at];
    if (is_letter(c)) return refuse_words(scan);
    size_t count = 1;
    struct str rest = str_sub(scan->text, scan->at, scan->text.n);
    if (c == '&') count = str_find(rest, ';') + 1;
    enum { ENTITY_BYTES_MAX = 10 };
    if (count > ENTITY_BYTES_MAX) {
        REFUSE(scan, "Dấu & không mở đầu một ký hiệu", "An & that begins no entity");
        return err_hint(scan->of->err, "Viết &amp;", "Write &amp;");
    }
    buf_add(&scan->words, str_sub(rest, 0, count));
    scan->at += count;
    if (c == '\n') skip_indentation(scan);
    return OK;
}

static bool script_open(const struct scan *scan)
{
    return scan->depth > 0 && str_equal(scan->open[scan->depth - 1].name, S("script"));
}

err_t block_read(struct scan *scan, struct node **tail, enum closer *out_closer)
{
    scan->tail = tail;
    while (scan->at < scan->text.n) {
        char c = scan->text.p[scan->at];
        bool closed = false;
        err_t e = OK;
        if (c == '{') {
            struct str words;
            e = take_braces(scan, &words);
            if (e == OK && is_end(words, out_closer)) {
                words_flush(scan);
                return OK;
            }
            if (e == OK) e = directive_read(scan, words);
        } else if (scan->context != IN_TEXT || c == '<') {
            e = markup_step(scan, &closed);
        } else if (script_open(scan) && c != '\n' && c != ' ') {
            REFUSE(scan, "Mã chương trình nằm trong trang", "A program stands in the page");
            e = err_hint(scan->of->err, "Đặt mã trong tệp riêng, gọi bằng src",
                         "Put it into a file of its own and name it by src");
        } else e = take_character(scan);
        if (e != OK) return e;
        if (scan->of->arena->failed || scan->words.failed) return err_memory(scan->of->err);
        if (closed) {
            words_flush(scan);
            *out_closer = CLOSE_COMPONENT;
            return OK;
        }
    }
    words_flush(scan);
    *out_closer = CLOSE_FILE;
    return OK;
}

/* ---- a file ------------------------------------------------------------------------------ */

enum { LITERAL_BYTES_MAX = 1 << 20 };

static err_t read_file(struct scan *scan)
{
    enum closer closer;
    skip_indentation(scan);
    err_t e = block_read(scan, &scan->file->nodes, &closer);
    if (e != OK) return e;
    if (closer != CLOSE_FILE) {
        REFUSE(scan, "{end} hoặc {else} không thuộc khối nào", "An {end} or {else} of no block");
        return err_hint(scan->of->err, "Bỏ nó, hoặc thêm {if} hay {for} phía trước",
                        "Take it out, or add the {if} or {for} before it");
    }
    if (scan->depth > 0) {
        TEMPLATE_REFUSE(scan->of, scan->file->path, scan->open[scan->depth - 1].line,
                        "Phần tử <%.*s> chưa đóng", "Element <%.*s> is not closed",
                        STR_ARG(scan->open[scan->depth - 1].name));
        return err_hint(scan->of->err, "Thêm thẻ đóng", "Add the closing tag");
    }
    if (scan->file->has_content != scan->content_seen) {
        REFUSE(scan, "{content} đứng sai chỗ", "{content} stands in a wrong place");
        return err_hint(scan->of->err, "Đặt nó giữa các thẻ", "Put it between tags");
    }
    if (scan->context != IN_TEXT) {
        REFUSE(scan, "Tệp kết thúc giữa một thẻ", "The file ends in the middle of a tag");
        return err_hint(scan->of->err, "Đóng thẻ đó", "Close the tag");
    }
    return OK;
}

err_t body_read(struct compilation *of, struct template *file)
{
    size_t bad;
    struct scan scan = {.of = of, .file = file, .text = file->text, .at = file->body};
    buf_init(&scan.words, LITERAL_BYTES_MAX);
    /* A component may stand inside a line: its last line end is none of it. */
    if (!file->page && scan.at < scan.text.n && str_ends(scan.text, S("\n"))) scan.text.n--;
    if (!str_is_utf8(file->text, &bad)) {
        scan.at = bad;
        REFUSE(&scan, "Không phải UTF-8", "This is not UTF-8");
        return err_hint(of->err, "Lưu tệp bằng UTF-8", "Save the file as UTF-8");
    }
    err_t e = read_file(&scan);
    buf_release(&scan.words);
    return e == OK && of->arena->failed ? err_memory(of->err) : e;
}
