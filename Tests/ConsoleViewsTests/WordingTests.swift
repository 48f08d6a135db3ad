@testable import ConsoleViews
import Testing

@Suite struct WordingTests {
    @Test(
        arguments: [
            (nil, "-"), (0, "0/s"), (0.44, "0.4/s"), (12, "12/s"), (1240.2, "1,240/s"),
            (99_999, "99,999/s"), (109_205, "109k/s"), (1_234_567, "1.2M/s"), (.infinity, "-"),
        ] as [(Double?, String)]
    )
    func `rates fit eight cells`(rate: Double?, words: String) {
        #expect(Wording.rate(rate) == words)
        #expect(words.utf8.count <= 8)
    }

    @Test(
        arguments: [
            (0.04, "0.0s"), (9.4, "9.4s"), (61, "1m1s"), (252, "4m12s"), (21_600, "6h"),
            (86_400 * 400, "400d"), (86_400 * 731, "2y"), (86_400 * 5480, "15y"),
        ] as [(Double, String)]
    )
    func `durations are told in what a person counts in`(seconds: Double, words: String) {
        #expect(Wording.duration(seconds) == words)
    }

    @Test(
        arguments: [
            (0, "0"), (99_999_999, "99,999,999"), (123_456_789, "123M"),
            (UInt64.max, "18,446,744T"),
        ] as [(UInt64, String)]
    )
    func `counters are told in full while they fit ten cells`(number: UInt64, words: String) {
        #expect(Wording.counter(number) == words)
    }

    @Test(
        arguments: [
            (-5, "<0.1 ms"), (49, "<0.1 ms"), (50, "0.1 ms"), (9949, "9.9 ms"), (9951, "10 ms"),
            (999_499, "999 ms"), (999_500, "1.0 s"), (1_420_000, "1.4 s"), (59_949_999, "59.9 s"),
            (252_000_000, "4m12s"),
        ] as [(Int64, String)]
    )
    func `times of commands fit eight cells`(microseconds: Int64, words: String) {
        #expect(Wording.latency(microseconds: microseconds) == words)
        #expect(words.utf8.count <= 8)
    }
}
