import JSON
import Testing

struct MergePatchTests {
    /// RFC 7396, appendix A.
    @Test(arguments: [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, #"{}"#),
        (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
        (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
        (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
        (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#),
        (#"{"a":"foo"}"#, #"null"#, #"null"#),
        (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
        (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
        (#"[1,2]"#, #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
        (#"{}"#, #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
    ])
    func `follows the examples of the RFC`(target: String, patch: String, result: String) throws {
        let merged = try JSONValue(parsing: target).merging(patch: JSONValue(parsing: patch))
        #expect(merged.description == result)
    }
}

struct DifferenceTests {
    private func differences(_ before: String, _ after: String) throws -> [String] {
        try JSONValue(parsing: before).differences(to: JSONValue(parsing: after)).map {
            "\($0.path): \($0.before?.description ?? "-") > \($0.after?.description ?? "-")"
        }
    }

    @Test func `names every place with its path`() throws {
        let before = #"{"items":[1,{"price":2,"a b":[]},3],"gone":1,"same":{"x":1}}"#
        let after = #"{"new":null,"items":[1,{"price":2.5,"a b":[0]}],"same":{"x":1}}"#
        #expect(
            try differences(before, after) == [
                "items[1].price: 2 > 2.5", "items[1][\"a b\"][0]: - > 0", "items[2]: 3 > -",
                "gone: 1 > -", "new: - > null",
            ]
        )
    }

    @Test func `tells a changed whole and a changed kind`() throws {
        #expect(try differences("1", "2") == ["$: 1 > 2"])
        #expect(try differences("[]", "{}") == ["$: [] > {}"])
        #expect(try differences(#"{"a":{}}"#, #"{"a":null}"#) == ["a: {} > null"])
        #expect(try differences(#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#).isEmpty)
    }

    @Test func `finds no difference exactly where values are equal`() {
        var generator = FixedGenerator(state: 7)
        for _ in 0..<500 {
            let (left, right) = (generator.value(depth: 2), generator.value(depth: 2))
            #expect(left.differences(to: left).isEmpty)
            #expect(left.differences(to: right).isEmpty == (left == right))
            for difference in left.differences(to: right) {
                #expect(left[difference.path] == difference.before)
                #expect(right[difference.path] == difference.after)
                #expect(JSONPath(difference.path.description) == difference.path)
            }
        }
    }

    @Test(arguments: ["$", "a", "a.b", "a[0]", "[0]", "[\"a.b\"].c", "_x1[\"\\\"]\"][12].y"])
    func `reads the paths that it writes`(text: String) {
        #expect(JSONPath(text)?.description == text)
    }

    @Test(arguments: [
        "", ".", "a.", "a..b", ".a", "a[", "a[]", "a[-1]", "a[x]", "a b", "a[0]b", "1a",
    ])
    func `refuses what is no path`(text: String) {
        #expect(JSONPath(text) == nil)
    }
}
