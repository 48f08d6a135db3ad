import Testing

@testable import RecountTesting

@Suite struct DifferenceTests {
    /// A value that equals none, not even itself.
    private struct Odd: Equatable {
        let number = 1

        static func == (left: Odd, right: Odd) -> Bool { false }
    }

    /// A value that equals every other.
    private struct Even: Equatable {
        let number: Int

        static func == (left: Even, right: Even) -> Bool { true }
    }

    private struct Plain {
        var number = 1
        var inner: Inner? = Inner()
        var pair = (1, "a")

        struct Inner {
            var flags: Set<Int> = [3, 1, 2]
            var byName = ["a": 1, "b": 2]
        }
    }

    @Test func `equality is what the type says, whatever the parts are`() {
        #expect(differenceLines(from: Even(number: 1), to: Even(number: 2)) == [])
        let odd = differenceLines(from: Odd(), to: Odd())
        #expect(odd == ["they are not equal, although no part differs"])
    }

    @Test func `a type without equality differs where its parts do`() {
        #expect(differenceLines(from: Plain(), to: Plain()) == [])
        var other = Plain()
        other.number = 2
        other.inner?.flags.remove(1)
        other.inner?.byName["b"] = 3
        other.pair.1 = "b"
        #expect(
            differenceLines(from: Plain(), to: other, below: "root") == [
                "root.number: expected 1, actual 2",
                "root.inner.flags[0]: expected 1, actual 2",
                "root.inner.flags[1]: expected 2, actual 3",
                "root.inner.flags[2]: expected 3, actual nothing",
                "root.inner.byName.b: expected 2, actual 3",
                #"root.pair[".1"]: expected "a", actual "b""#,
            ]
        )
        other = Plain()
        other.inner = nil
        #expect(
            differenceLines(from: Plain(), to: other) == [
                #"inner: expected {"flags":[1,2,3],"byName":{"a":1,"b":2}}, actual null"#
            ]
        )
    }
}
