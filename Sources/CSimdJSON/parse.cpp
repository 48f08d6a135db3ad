// Parses JSON in two stages. Stage one is simdjson's: it checks UTF-8 and finds every bracket,
// comma, colon and first byte of a string or scalar, many bytes at a time. Stage two is here:
// it walks these places, checks the grammar, and writes one token per value and key.
//
// simdjson's own second stage is not used because its result no longer tells where in the text
// a value stands. Its stage one for every CPU with vector instructions copies the last, incomplete
// block before it reads it, so that the text needs no padding behind its end. Only the fallback
// for other CPUs reads on: it is given a padded copy.

#include "CSimdJSON.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Token = recount_json_token;

constexpr size_t capacity_min = 4096;
constexpr size_t length_max = 0xFFFF'FF00;
constexpr uint32_t keys_compared_in_pairs_max = 12;

struct Failure {
    uint32_t error;
    size_t byte_offset;
};

bool is_whitespace(uint8_t byte) {
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

/// Whether a number or literal may be followed by the byte.
bool ends_scalar(uint8_t byte) {
    return byte == ',' || byte == '}' || byte == ']' || byte == ':' || is_whitespace(byte);
}

int hexadecimal_value(uint8_t byte) {
    if (is_digit(byte)) return byte - '0';
    const uint8_t lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The four hexadecimal digits at `at`, or -1.
int code_unit(const uint8_t *at, const uint8_t *end) {
    if (end - at < 4) return -1;
    int value = 0;
    for (int index = 0; index < 4; ++index) {
        const int digit = hexadecimal_value(at[index]);
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

/// The length of the well-formed UTF-8 sequence at `at`, or 0.
size_t sequence_length(const uint8_t *at, const uint8_t *end) {
    const uint8_t lead = at[0];
    if (lead < 0x80) return 1;
    const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || size_t(end - at) < length) return 0;
    for (size_t index = 1; index < length; ++index) {
        if ((at[index] & 0xC0) != 0x80) return 0;
    }
    if (lead == 0xE0 && at[1] < 0xA0) return 0;
    if (lead == 0xED && at[1] > 0x9F) return 0;
    if (lead == 0xF0 && at[1] < 0x90) return 0;
    if (lead == 0xF4 && at[1] > 0x8F) return 0;
    return length;
}

/// Finds, byte by byte, what stage one refused without saying where.
Failure diagnose(const uint8_t *bytes, size_t length) {
    const uint8_t *end = bytes + length;
    for (const uint8_t *at = bytes; at < end;) {
        const size_t step = sequence_length(at, end);
        if (step == 0) return {RECOUNT_JSON_INVALID_UTF8, size_t(at - bytes)};
        at += step;
    }
    size_t opening = 0;
    bool in_string = false;
    for (size_t index = 0; index < length; ++index) {
        const uint8_t byte = bytes[index];
        if (in_string && byte < 0x20) return {RECOUNT_JSON_CONTROL_CHARACTER, index};
        if (byte == '\\') {
            if (!in_string) return {RECOUNT_JSON_UNEXPECTED_BYTE, index};
            if (index + 1 < length && bytes[index + 1] >= 0x20) ++index;
        } else if (byte == '"') {
            in_string = !in_string;
            opening = index;
        }
    }
    if (in_string) return {RECOUNT_JSON_UNCLOSED_STRING, opening};
    return {RECOUNT_JSON_EMPTY, 0};
}

/// Checks the escapes between `at` and `end`, the inside of a string.
Failure check_escapes(const uint8_t *bytes, const uint8_t *at, const uint8_t *end) {
    while ((at = static_cast<const uint8_t *>(memchr(at, '\\', end - at))) != nullptr) {
        const size_t offset = at - bytes;
        const uint8_t escaped = end - at > 1 ? at[1] : 0;
        at += 2;
        switch (escaped) {
        case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
            continue;
        case 'u':
            break;
        default:
            return {RECOUNT_JSON_INVALID_ESCAPE, offset};
        }
        const int unit = code_unit(at, end);
        if (unit < 0) return {RECOUNT_JSON_INVALID_ESCAPE, offset};
        at += 4;
        if (unit < 0xD800 || unit > 0xDFFF) continue;
        if (unit > 0xDBFF || end - at < 6 || at[0] != '\\' || at[1] != 'u') {
            return {RECOUNT_JSON_LONE_SURROGATE, offset};
        }
        const int low = code_unit(at + 2, end);
        if (low < 0xDC00 || low > 0xDFFF) return {RECOUNT_JSON_LONE_SURROGATE, offset};
        at += 6;
    }
    return {RECOUNT_JSON_OK, 0};
}

void append_scalar(std::string &text, uint32_t scalar) {
    if (scalar < 0x80) {
        text += char(scalar);
        return;
    }
    if (scalar < 0x800) {
        text += char(0xC0 | (scalar >> 6));
    } else {
        if (scalar < 0x10000) {
            text += char(0xE0 | (scalar >> 12));
        } else {
            text += char(0xF0 | (scalar >> 18));
            text += char(0x80 | ((scalar >> 12) & 0x3F));
        }
        text += char(0x80 | ((scalar >> 6) & 0x3F));
    }
    text += char(0x80 | (scalar & 0x3F));
}

/// The text of a string whose escapes have been checked, without them.
std::string decoded(std::string_view inside) {
    std::string text;
    const auto *at = reinterpret_cast<const uint8_t *>(inside.data());
    const uint8_t *end = at + inside.size();
    while (at < end) {
        if (*at != '\\') {
            text += char(*at++);
            continue;
        }
        const uint8_t escaped = at[1];
        at += 2;
        switch (escaped) {
        case 'b': text += '\b'; break;
        case 'f': text += '\f'; break;
        case 'n': text += '\n'; break;
        case 'r': text += '\r'; break;
        case 't': text += '\t'; break;
        case 'u': {
            uint32_t scalar = code_unit(at, end);
            at += 4;
            if (scalar >= 0xD800 && scalar < 0xE000) {
                scalar = 0x10000 + ((scalar - 0xD800) << 10) + (code_unit(at + 2, end) - 0xDC00);
                at += 6;
            }
            append_scalar(text, scalar);
            break;
        }
        default: text += char(escaped); break;
        }
    }
    return text;
}

/// The end of the number at `at`, or null where it is none. Sets `is_complex` where it has a
/// fraction or an exponent.
const uint8_t *number_end(const uint8_t *at, const uint8_t *end, bool &is_complex) {
    const auto skip_digits = [&] {
        const uint8_t *first = at;
        while (at < end && is_digit(*at)) ++at;
        return at != first;
    };
    if (*at == '-') ++at;
    if (at < end && *at == '0') {
        ++at;
    } else if (!skip_digits()) {
        return nullptr;
    }
    if (at < end && *at == '.') {
        ++at;
        is_complex = true;
        if (!skip_digits()) return nullptr;
    }
    if (at < end && (*at | 0x20) == 'e') {
        ++at;
        is_complex = true;
        if (at < end && (*at == '+' || *at == '-')) ++at;
        if (!skip_digits()) return nullptr;
    }
    return at == end || ends_scalar(*at) ? at : nullptr;
}

}  // namespace

struct recount_json_parser {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> stage_one;
    size_t capacity = 0;
    Token *tokens = nullptr;
    size_t token_capacity = 0;
    std::vector<uint8_t> padded;  // the text, where stage one reads beyond its end
    uint32_t token_count = 0;
    bool has_escapes = false;  // whether any string may contain one
    std::vector<uint32_t> open;  // token indices of the containers around the current place

    ~recount_json_parser() { free(tokens); }

    bool prepare(size_t length) {
        if (length <= capacity) return true;
        const size_t wanted = std::min(length_max, std::max({length, capacity * 2, capacity_min}));
        const auto error = stage_one
            ? stage_one->allocate(wanted, 1)
            : simdjson::get_active_implementation()->create_dom_parser_implementation(
                  wanted, 1, stage_one);
        capacity = error ? 0 : wanted;
        if (error) stage_one.reset();
        return !error;
    }

    simdjson::error_code find_places(const uint8_t *bytes, size_t length) {
        static const bool reads_beyond_end =
            simdjson::get_active_implementation()->name() == "fallback";
        if (reads_beyond_end) {
            padded.assign(length + simdjson::SIMDJSON_PADDING, ' ');
            memcpy(padded.data(), bytes, length);
            bytes = padded.data();
        }
        return stage_one->stage1(bytes, length, simdjson::stage1_mode::regular);
    }

    bool prepare_tokens(size_t count) {
        if (count <= token_capacity) return true;
        const size_t wanted = std::max(count, token_capacity * 2);
        free(tokens);
        tokens = static_cast<Token *>(malloc(wanted * sizeof(Token)));
        token_capacity = tokens ? wanted : 0;
        return tokens != nullptr;
    }

    std::string_view inside(const uint8_t *bytes, const Token &token) const {
        return {reinterpret_cast<const char *>(bytes) + token.start + 1, token.length - 2};
    }

    Failure check_keys(const uint8_t *bytes, uint32_t object) const;
    Failure check_many_keys(const uint8_t *bytes, uint32_t object) const;
    Failure scalar(const uint8_t *bytes, size_t length, uint32_t start, uint32_t following);
    Failure string(const uint8_t *bytes, uint32_t start, uint32_t following, uint8_t kind);
    Failure walk(const uint8_t *bytes, size_t length, uint32_t depth_max, bool unique_keys);
    Failure close(const uint8_t *bytes, uint32_t start, bool unique_keys);
};

/// Refuses the second of two equal keys of the object. A filter of 64 bits keeps most keys
/// from being compared with any other.
Failure recount_json_parser::check_keys(const uint8_t *bytes, uint32_t object) const {
    const uint32_t count = tokens[object].count;
    if (count < 2) return {RECOUNT_JSON_OK, 0};
    if (count > keys_compared_in_pairs_max) return check_many_keys(bytes, object);
    std::string_view seen[keys_compared_in_pairs_max];
    uint64_t filter = 0;
    uint32_t key = object + 1;
    for (uint32_t index = 0; index < count; ++index, key = tokens[key + 1].next) {
        const Token &token = tokens[key];
        if (token.flags & RECOUNT_JSON_FLAG_COMPLEX) return check_many_keys(bytes, object);
        const std::string_view text = inside(bytes, token);
        const uint32_t size = uint32_t(text.size());
        const uint32_t mix = size == 0
            ? 0 : size * 7 + uint8_t(text[0]) * 3 + uint8_t(text[size / 2]) * 5
                + uint8_t(text[size - 1]);
        const uint64_t bit = uint64_t(1) << (mix & 63);
        if (filter & bit) {
            for (uint32_t other = 0; other < index; ++other) {
                if (seen[other] == text) return {RECOUNT_JSON_DUPLICATE_KEY, token.start};
            }
        }
        filter |= bit;
        seen[index] = text;
    }
    return {RECOUNT_JSON_OK, 0};
}

/// The same by sorting, which no choice of keys makes slow, and with escapes decoded.
Failure recount_json_parser::check_many_keys(const uint8_t *bytes, uint32_t object) const {
    struct Key {
        std::string_view text;
        uint32_t start;
    };
    const uint32_t count = tokens[object].count;
    std::vector<std::unique_ptr<std::string>> texts;
    std::vector<Key> keys;
    keys.reserve(count);
    uint32_t key = object + 1;
    for (uint32_t index = 0; index < count; ++index, key = tokens[key + 1].next) {
        const Token &token = tokens[key];
        std::string_view text = inside(bytes, token);
        if (token.flags & RECOUNT_JSON_FLAG_COMPLEX) {
            texts.push_back(std::make_unique<std::string>(decoded(text)));
            text = *texts.back();
        }
        keys.push_back({text, token.start});
    }
    std::sort(keys.begin(), keys.end(), [](const Key &left, const Key &right) {
        if (left.text.size() != right.text.size()) return left.text.size() < right.text.size();
        const int order = left.text.compare(right.text);
        return order != 0 ? order < 0 : left.start < right.start;
    });
    uint32_t first = UINT32_MAX;
    for (size_t index = 1; index < keys.size(); ++index) {
        if (keys[index].text == keys[index - 1].text) first = std::min(first, keys[index].start);
    }
    if (first == UINT32_MAX) return {RECOUNT_JSON_OK, 0};
    return {RECOUNT_JSON_DUPLICATE_KEY, first};
}

/// Appends the string or key that starts at `start`; `following` is where stage one found the
/// next thing after it, so that only whitespace lies between its closing quote and there.
Failure recount_json_parser::string(
    const uint8_t *bytes, uint32_t start, uint32_t following, uint8_t kind) {
    uint32_t last = following - 1;
    while (last > start && is_whitespace(bytes[last])) --last;
    if (last == start || bytes[last] != '"') return {RECOUNT_JSON_UNCLOSED_STRING, start};
    const uint8_t *inside = bytes + start + 1;
    const size_t size = last - start - 1;
    uint8_t flags = 0;
    if (has_escapes && memchr(inside, '\\', size) != nullptr) {
        const Failure failure = check_escapes(bytes, inside, inside + size);
        if (failure.error) return failure;
        flags = RECOUNT_JSON_FLAG_COMPLEX;
    }
    const uint32_t index = token_count++;
    tokens[index] = {start, last - start + 1, index + 1, 0, kind, flags};
    return {RECOUNT_JSON_OK, 0};
}

/// Appends the number or literal that starts at `start`, or the string.
Failure recount_json_parser::scalar(
    const uint8_t *bytes, size_t length, uint32_t start, uint32_t following) {
    const uint8_t *at = bytes + start;
    const uint8_t *end = bytes + length;
    const auto literal = [&](const char *word, uint32_t size, uint8_t kind) -> Failure {
        const bool matches = size_t(end - at) >= size && memcmp(at, word, size) == 0
            && (at + size == end || ends_scalar(at[size]));
        if (!matches) return {RECOUNT_JSON_INVALID_LITERAL, start};
        const uint32_t index = token_count++;
        tokens[index] = {start, size, index + 1, 0, kind, 0};
        return {RECOUNT_JSON_OK, 0};
    };
    switch (*at) {
    case '"': return string(bytes, start, following, RECOUNT_JSON_STRING);
    case 't': return literal("true", 4, RECOUNT_JSON_TRUE);
    case 'f': return literal("false", 5, RECOUNT_JSON_FALSE);
    case 'n': return literal("null", 4, RECOUNT_JSON_NULL);
    case '-': case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9': {
        bool is_complex = false;
        const uint8_t *after = number_end(at, end, is_complex);
        if (after == nullptr) return {RECOUNT_JSON_INVALID_NUMBER, start};
        const uint32_t index = token_count++;
        tokens[index] = {
            start, uint32_t(after - at), index + 1, 0, RECOUNT_JSON_NUMBER, uint8_t(is_complex)};
        return {RECOUNT_JSON_OK, 0};
    }
    default: return {RECOUNT_JSON_UNEXPECTED_BYTE, start};
    }
}

/// Turns the places that stage one found into tokens. Each round takes one value, with its key
/// where it is in an object, and the commas and closing brackets behind it.
Failure recount_json_parser::walk(
    const uint8_t *bytes, size_t length, uint32_t depth_max, bool unique_keys) {
    const uint32_t *next = stage_one->structural_indexes.get();
    const uint32_t *const last = next + stage_one->n_structural_indexes;
    const auto following = [&] { return next + 1 < last ? next[1] : uint32_t(length); };
    const Failure missing = {RECOUNT_JSON_UNEXPECTED_END, length};
    open.clear();
    token_count = 0;
    while (true) {
        if (next == last) return missing;
        if (!open.empty()) {
            Token &container = tokens[open.back()];
            ++container.count;
            if (container.kind == RECOUNT_JSON_OBJECT) {
                if (bytes[*next] != '"') return {RECOUNT_JSON_UNEXPECTED_BYTE, *next};
                const Failure failure = string(bytes, *next, following(), RECOUNT_JSON_KEY);
                if (failure.error) return failure;
                if (++next == last) return missing;
                if (bytes[*next] != ':') return {RECOUNT_JSON_UNEXPECTED_BYTE, *next};
                if (++next == last) return missing;
            }
        }
        const uint8_t byte = bytes[*next];
        if (byte == '{' || byte == '[') {
            if (open.size() >= depth_max) return {RECOUNT_JSON_TOO_DEEP, *next};
            open.push_back(token_count);
            const uint8_t kind = byte == '{' ? RECOUNT_JSON_OBJECT : RECOUNT_JSON_ARRAY;
            tokens[token_count++] = {*next, 0, 0, 0, kind, 0};
            if (++next == last) return missing;
            if (bytes[*next] != (byte == '{' ? '}' : ']')) continue;
        } else {
            const Failure failure = scalar(bytes, length, *next, following());
            if (failure.error) return failure;
            ++next;
        }
        while (true) {
            if (open.empty()) {
                if (next == last) return {RECOUNT_JSON_OK, 0};
                return {RECOUNT_JSON_TRAILING_CONTENT, *next};
            }
            if (next == last) return missing;
            if (bytes[*next] == ',') break;
            const Failure failure = close(bytes, *next, unique_keys);
            if (failure.error) return failure;
            ++next;
        }
        ++next;
    }
}

/// Closes the innermost container with the bracket at `start`.
Failure recount_json_parser::close(const uint8_t *bytes, uint32_t start, bool unique_keys) {
    Token &container = tokens[open.back()];
    const bool is_object = container.kind == RECOUNT_JSON_OBJECT;
    if (bytes[start] != (is_object ? '}' : ']')) return {RECOUNT_JSON_UNEXPECTED_BYTE, start};
    container.length = start + 1 - container.start;
    container.next = token_count;
    if (is_object && unique_keys) {
        const Failure failure = check_keys(bytes, open.back());
        if (failure.error) return failure;
    }
    open.pop_back();
    return {RECOUNT_JSON_OK, 0};
}

recount_json_parser *recount_json_parser_create(void) {
    return new (std::nothrow) recount_json_parser();
}

void recount_json_parser_destroy(recount_json_parser *parser) { delete parser; }

recount_json_result recount_json_parser_parse(
    recount_json_parser *parser, const uint8_t *bytes, size_t length, uint32_t depth_max,
    bool rejects_duplicate_keys) {
    const auto refused = [](Failure failure) -> recount_json_result {
        return {nullptr, 0, failure.error, failure.byte_offset};
    };
    if (length == 0) return refused({RECOUNT_JSON_EMPTY, 0});
    if (length > length_max) return refused({RECOUNT_JSON_TOO_LONG, length_max});
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        return refused({RECOUNT_JSON_BYTE_ORDER_MARK, 0});
    }
    try {
        if (!parser->prepare(length)) return refused({RECOUNT_JSON_OUT_OF_MEMORY, 0});
        if (parser->find_places(bytes, length)) return refused(diagnose(bytes, length));
        if (!parser->prepare_tokens(parser->stage_one->n_structural_indexes)) {
            return refused({RECOUNT_JSON_OUT_OF_MEMORY, 0});
        }
        parser->has_escapes = memchr(bytes, '\\', length) != nullptr;
        const Failure failure = parser->walk(bytes, length, depth_max, rejects_duplicate_keys);
        if (failure.error) return refused(failure);
        return {parser->tokens, parser->token_count, RECOUNT_JSON_OK, 0};
    } catch (const std::bad_alloc &) {
        return refused({RECOUNT_JSON_OUT_OF_MEMORY, 0});
    }
}

bool recount_json_double(const uint8_t *bytes, size_t length, double *value) {
    const char *first = reinterpret_cast<const char *>(bytes);
    const auto result = std::from_chars(first, first + length, *value);
    if (result.ec == std::errc()) return true;
    // from_chars does not say whether it found too large or too small a number.
    if (result.ec != std::errc::result_out_of_range) return false;
    const std::string text(first, length);
    *value = strtod(text.c_str(), nullptr);
    return *value > -1 && *value < 1;
}
