#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What a token stands for.
enum recount_json_kind {
    RECOUNT_JSON_OBJECT = 0,
    RECOUNT_JSON_ARRAY = 1,
    RECOUNT_JSON_STRING = 2,
    RECOUNT_JSON_NUMBER = 3,
    RECOUNT_JSON_TRUE = 4,
    RECOUNT_JSON_FALSE = 5,
    RECOUNT_JSON_NULL = 6,
    RECOUNT_JSON_KEY = 7,
};

// Set in a string's or key's token where its text contains an escape, and in a number's
// token where its text has a fraction or an exponent.
#define RECOUNT_JSON_FLAG_COMPLEX 1

// Why a text was refused. Swift names the same numbers.
enum recount_json_error {
    RECOUNT_JSON_OK = 0,
    RECOUNT_JSON_EMPTY = 1,
    RECOUNT_JSON_TOO_LONG = 2,
    RECOUNT_JSON_OUT_OF_MEMORY = 3,
    RECOUNT_JSON_INVALID_UTF8 = 4,
    RECOUNT_JSON_UNCLOSED_STRING = 5,
    RECOUNT_JSON_CONTROL_CHARACTER = 6,
    RECOUNT_JSON_INVALID_ESCAPE = 7,
    RECOUNT_JSON_LONE_SURROGATE = 8,
    RECOUNT_JSON_INVALID_NUMBER = 9,
    RECOUNT_JSON_INVALID_LITERAL = 10,
    RECOUNT_JSON_UNEXPECTED_BYTE = 11,
    RECOUNT_JSON_UNEXPECTED_END = 12,
    RECOUNT_JSON_TRAILING_CONTENT = 13,
    RECOUNT_JSON_TOO_DEEP = 14,
    RECOUNT_JSON_DUPLICATE_KEY = 15,
    RECOUNT_JSON_BYTE_ORDER_MARK = 16,
};

// One value or key, as a range of the text that was parsed.
typedef struct recount_json_token {
    uint32_t start;   // of the verbatim text, the opening quote or bracket included
    uint32_t length;  // of the verbatim text, the closing quote or bracket included
    uint32_t next;    // index of the token after this one and everything inside it
    uint32_t count;   // members of an object, elements of an array; otherwise 0
    uint8_t kind;
    uint8_t flags;
} recount_json_token;

typedef struct recount_json_result {
    const recount_json_token *_Nullable tokens;  // valid until the parser's next use
    uint32_t count;
    uint32_t error;
    size_t byte_offset;  // of the error
} recount_json_result;

typedef struct recount_json_parser recount_json_parser;

// Null where memory is exhausted.
recount_json_parser *_Nullable recount_json_parser_create(void);

void recount_json_parser_destroy(recount_json_parser *_Nullable parser);

// Parses and fully validates one text, which is neither copied nor read beyond its length.
recount_json_result recount_json_parser_parse(
    recount_json_parser *_Nonnull parser, const uint8_t *_Nullable bytes, size_t length,
    uint32_t depth_max, bool rejects_duplicate_keys);

// The finite double nearest to a number's text; false where it is beyond the range.
bool recount_json_double(const uint8_t *_Nonnull bytes, size_t length, double *_Nonnull value);

#ifdef __cplusplus
}
#endif
