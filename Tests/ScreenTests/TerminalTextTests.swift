import Testing

@testable import Screen

@Suite struct TerminalTextTests {
    static let hostile: [(bytes: [UInt8], shown: String)] = [
        (Array("a\u{1B}[2Jb".utf8), "a<U+001B>[2Jb"),
        (Array("\u{1B}]0;pwn\u{07}".utf8), "<U+001B>]0;pwn<U+0007>"),
        (Array("\u{1B}]52;c;QUJD\u{07}".utf8), "<U+001B>]52;c;QUJD<U+0007>"),
        (Array("\u{1B}[6n".utf8), "<U+001B>[6n"),
        (Array("\u{1B}P1$r\u{1B}\\".utf8), "<U+001B>P1$r<U+001B>\\"),
        ([0xC2, 0x9B, 0x31, 0x6D], "<U+009B>1m"),
        ([0x9B], "\\x9B"),
        (Array("ok\rno".utf8), "ok\\rno"),
        (Array("\u{08}\u{7F}".utf8), "<U+0008><U+007F>"),
        (Array("a\n\tb".utf8), "a\\n\\tb"),
        (Array("\u{202E}gpj.exe".utf8), "<U+202E>gpj.exe"),
        (Array("ad\u{200B}min".utf8), "ad<U+200B>min"),
        (Array("\u{E0041}".utf8), "<U+E0041>"),
        ([0xEF, 0xBF, 0xBF], "<U+FFFF>"),
        ([0xC0, 0xAF], "\\xC0\\xAF"),
        ([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], "\\xED\\xA0\\xBD\\xED\\xB8\\x80"),
        ([0xF4, 0x90, 0x80, 0x80], "\\xF4\\x90\\x80\\x80"),
        ([0x61, 0xE2, 0x82], "a\\xE2\\x82"),
        (
            Array("\u{2028}\u{2029}\u{FEFF}\u{61C}\u{200E}\u{2066}".utf8),
            "<U+2028><U+2029><U+FEFF><U+061C><U+200E><U+2066>"
        ),
        (Array("\u{E000}\u{10FFFD}\u{AD}\u{3164}".utf8), "<U+E000><U+10FFFD><U+00AD><U+3164>"),
        (Array("\u{301}x".utf8), "<U+0301>x"),
        (Array("x\u{200D}y".utf8), "x<U+200D>y"),
        (Array("\u{2764}\u{FE0F}!".utf8), "\u{2764}!"),
        (Array("a\u{FE0F}".utf8), "a<U+FE0F>"),
        (Array("\u{0}".utf8), "<U+0000>"),
        (Array("plain ü 漢字 é e\u{301}".utf8), "plain ü 漢字 é e\u{301}"),
    ]

    @Test(arguments: hostile)
    func `hostile text is spelled out`(bytes: [UInt8], shown: String) {
        let result = TerminalText.sanitized(bytes)
        #expect(Array(result.utf8) == Array(shown.utf8))
        #expect(Array(TerminalText.sanitized(result).utf8) == Array(result.utf8))
        var frame = Frame(size: Size(width: 80, height: 2))
        frame.draw(bytes: bytes, at: .origin)
        #expect(Array(frame.plainRow(0).utf8) == Array(shown.utf8))
        #expect(frame.plainRow(1).isEmpty)
    }

    @Test func `ten thousand marks become three and a number`() {
        let text = "e" + String(repeating: "\u{301}", count: 10_000) + "x"
        let expected = "e\u{301}\u{301}\u{301}<+9997>x"
        #expect(Array(TerminalText.sanitized(text).utf8) == Array(expected.utf8))
        #expect(TerminalText.width(text) == 9)
    }

    @Test func `every byte is shown or spelled out`() {
        for byte in UInt8.min...UInt8.max {
            let shown = TerminalText.sanitized([0x41, byte, 0x42])
            #expect(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
            #expect(shown.first == "A" && shown.last == "B")
        }
    }

    @Test func `random bytes give stable text without controls`() {
        var generator = SplitMix(state: 7)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                generator.next() % 3 == 0
                    ? UInt8.random(in: 0x80...0xFF, using: &generator)
                    : UInt8.random(in: 0...0xFF, using: &generator)
            }
            let text = TerminalText.sanitized(bytes)
            #expect(text.unicodeScalars.allSatisfy { CharacterClass($0.value) != .escaped })
            #expect(Array(TerminalText.sanitized(text).utf8) == Array(text.utf8), "\(bytes)")
        }
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""),
        ("漢字漢", 6, "漢字漢"), ("漢字漢", 5, "漢字…"), ("漢字漢", 4, "漢…"), ("", 3, ""),
    ])
    func `text is cut by cells`(text: String, width: Int, shown: String) {
        #expect(TerminalText.clipped(text, to: width) == shown)
        #expect(TerminalText.width(shown) <= width)
    }

    @Test func `text is padded on the side that alignment says`() {
        #expect(TerminalText.fitted("ab", to: 5) == "ab   ")
        #expect(TerminalText.fitted("ab", to: 5, alignment: .right) == "   ab")
        #expect(TerminalText.fitted("ab", to: 5, alignment: .center) == " ab  ")
        #expect(TerminalText.fitted("abcdef", to: 3, glyphs: .ascii) == "ab~")
    }

    @Test(arguments: [
        ("one two three", 7, ["one two", "three"]), ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("a\nb", 5, ["a", "b"]), ("", 4, [""]), ("漢字 ab", 4, ["漢字", "ab"]),
        ("aa bb cc", 5, ["aa bb", "cc"]), ("漢", 1, ["漢"]),
    ])
    func `text is wrapped at spaces`(text: String, width: Int, lines: [String]) {
        #expect(TerminalText.wrapped(text, width: width) == lines)
    }

    @Test func `a megabyte on one line costs no more than what fits`() {
        let line = [UInt8](repeating: 0xC3, count: 1 << 20)
        var frame = Frame(size: Size(width: 20, height: 1))
        frame.draw(bytes: line, at: .origin)
        #expect(frame.plainRow(0) == "\\xC3\\xC3\\xC3\\xC3\\xC…")
    }
}

/// A small generator with a seed, so that a failure comes back.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
