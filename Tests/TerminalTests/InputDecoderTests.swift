import Screen
import Testing

@testable import Terminal

@Suite struct InputDecoderTests {
    static let keys: [(bytes: String, event: InputEvent)] = [
        ("a", .key(Key(.character("a")))), ("é", .key(Key(.character("é")))),
        ("漢", .key(Key(.character("漢")))), ("😀", .key(Key(.character("😀")))),
        ("\r", .key(Key(.enter))), ("\t", .key(Key(.tab))), ("\u{7F}", .key(Key(.backspace))),
        ("\u{3}", .key(Key(.character("c"), .control))),
        ("\u{0}", .key(Key(.character(" "), .control))),
        ("\u{1C}", .key(Key(.character("\\"), .control))),
        ("\u{1B}x", .key(Key(.character("x"), .alt))),
        ("\u{1B}\r", .key(Key(.enter, .alt))),
        ("\u{1B}[A", .key(Key(.up))), ("\u{1B}OB", .key(Key(.down))),
        ("\u{1B}[1;5C", .key(Key(.right, .control))),
        ("\u{1B}[1;2D", .key(Key(.left, .shift))),
        ("\u{1B}[H", .key(Key(.home))), ("\u{1B}[1~", .key(Key(.home))),
        ("\u{1B}OH", .key(Key(.home))), ("\u{1B}[F", .key(Key(.end))),
        ("\u{1B}[8~", .key(Key(.end))), ("\u{1B}[2~", .key(Key(.insert))),
        ("\u{1B}[3;5~", .key(Key(.delete, .control))),
        ("\u{1B}[5~", .key(Key(.pageUp))), ("\u{1B}[6;3~", .key(Key(.pageDown, .alt))),
        ("\u{1B}[Z", .key(Key(.tab, .shift))),
        ("\u{1B}OP", .key(Key(.function(1)))), ("\u{1B}[1;2R", .key(Key(.function(3), .shift))),
        ("\u{1B}[15~", .key(Key(.function(5)))), ("\u{1B}[24~", .key(Key(.function(12)))),
        ("\u{1B}[[B", .key(Key(.function(2)))), ("\u{1B}[34~", .key(Key(.function(20)))),
        ("\u{1B}OM", .key(Key(.enter))), ("\u{1B}Ox", .key(Key(.character("8")))),
        ("\u{1B}[97;5u", .key(Key(.character("a"), .control))),
        ("\u{1B}[27;5;13~", .key(Key(.enter, .control))),
        ("\u{1B}[27u", .key(Key(.escape))),
        ("\u{1B}[I", .focus(true)), ("\u{1B}[O", .focus(false)),
        ("\u{1B}[<0;5;7M", .mouse(Mouse(.press, at: Point(x: 4, y: 6)))),
        ("\u{1B}[<2;300;7m", .mouse(Mouse(.release, button: 2, at: Point(x: 299, y: 6)))),
        ("\u{1B}[<36;1;1M", .mouse(Mouse(.drag, at: .origin, .shift))),
        ("\u{1B}[<64;1;2M", .mouse(Mouse(.scrollUp, at: Point(x: 0, y: 1)))),
        ("\u{1B}[<81;1;2M", .mouse(Mouse(.scrollDown, at: Point(x: 0, y: 1), .control))),
        ("\u{1B}[200~a\u{1B}[Ab\r\u{1B}[201~", .paste("a\u{1B}[Ab\r")),
    ]

    static let swallowed = [
        "\u{1B}[24;80R", "\u{1B}[1;1R", "\u{1B}[?1;2c", "\u{1B}[>0;276;0c", "\u{1B}[?2026;2$y",
        "\u{1B}]11;rgb:0000/0000/0000\u{07}", "\u{1B}]11;rgb:0000/0000/0000\u{1B}\\",
        "\u{1B}P>|tmux 3.3a\u{1B}\\", "\u{1B}_Gi=31;OK\u{1B}\\", "\u{1B}[M !!", "\u{1B}[99~",
        "\u{1B}[57441u", "\u{1B}[97;1:3u", "\u{1B}[8;24;80t", "\u{1B}[<0;0;0M", "\u{1B}[<35;1;1M",
        "\u{1B}[0n", "\u{1B}Oz",
    ]

    @Test(arguments: keys)
    func `known sequences are events`(bytes: String, event: InputEvent) {
        var decoder = InputDecoder()
        #expect(decoder.receive(bytes.utf8) == [event])
        #expect(decoder.patienceMilliseconds == nil)
    }

    @Test(arguments: swallowed)
    func `what nobody asked for is swallowed whole`(bytes: String) {
        var decoder = InputDecoder()
        #expect(decoder.receive((bytes + "x").utf8) == [.key(Key(.character("x")))])
    }

    @Test func `a stream means the same wherever it is cut`() {
        let stream = Array(
            (InputDecoderTests.keys.map(\.bytes) + InputDecoderTests.swallowed).joined().utf8
        )
        let expected = InputDecoderTests.keys.map(\.event)
        for cut in 0...stream.count {
            var decoder = InputDecoder()
            let events = decoder.receive(stream[..<cut]) + decoder.receive(stream[cut...])
            #expect(events == expected, "cut at \(cut)")
        }
        var decoder = InputDecoder()
        #expect(stream.flatMap { decoder.receive([$0]) } == expected)
    }

    @Test func `silence after a cut sequence gives no letter`() {
        for sequence in InputDecoderTests.swallowed + ["\u{1B}[1;5C", "\u{1B}OP"] {
            let bytes = Array(sequence.utf8)
            for cut in 2..<bytes.count {
                var decoder = InputDecoder()
                #expect(decoder.receive(bytes[..<cut]) == [])
                #expect(decoder.silence() == [])
                #expect(decoder.receive("x".utf8) == [.key(Key(.character("x")))])
            }
        }
    }

    @Test func `a lone escape is a key after silence`() {
        var decoder = InputDecoder()
        #expect(decoder.receive([0x1B]) == [])
        #expect(decoder.patienceMilliseconds == 25)
        #expect(decoder.silence() == [.key(Key(.escape))])
        #expect(decoder.patienceMilliseconds == nil)
        #expect(decoder.receive([0x1B, 0x1B]) == [.key(Key(.escape))])
        #expect(decoder.silence() == [.key(Key(.escape))])
    }

    @Test func `an interrupt ends whatever is open`() {
        for start in ["\u{1B}[1;", "\u{1B}]0;title", "\u{1B}P", "\u{1B}O", "\u{C3}"] {
            var decoder = InputDecoder()
            let bytes = start == "\u{C3}" ? [0xC3] : Array(start.utf8)
            #expect(decoder.receive(bytes + [3]) == [.key(Key(.character("c"), .control))])
        }
    }

    @Test func `a paste without end is given after silence, and is bounded`() {
        var decoder = InputDecoder()
        #expect(decoder.receive("\u{1B}[200~abc".utf8) == [])
        #expect(decoder.patienceMilliseconds == 5_000)
        #expect(decoder.silence() == [.paste("abc")])
        let long = "\u{1B}[200~" + String(repeating: "x", count: 1_100_000) + "\u{1B}[201~y"
        let events = decoder.receive(long.utf8)
        #expect(events.count == 2 && events.last == .key(Key(.character("y"))))
        guard case .paste(let text) = events.first else {
            Issue.record("no paste")
            return
        }
        #expect(text.utf8.count == 1 << 20)
    }

    @Test func `random bytes never trap and always end`() {
        var generator = SystemRandomNumberGenerator()
        let starts: [[UInt8]] = [[0x1B], [0x1B, 0x5B], [0x1B, 0x4F], [0x1B, 0x5D], [0xE2], []]
        var decoder = InputDecoder()
        for _ in 0..<20_000 {
            let start = starts.randomElement(using: &generator) ?? []
            let chunk = start + (0..<Int.random(in: 0..<24)).map { _ in UInt8.random(in: 0...255) }
            for event in decoder.receive(chunk) {
                guard case .key(let key) = event, case .character(let scalar) = key.code else {
                    continue
                }
                #expect(scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value), "\(chunk)")
            }
            if Bool.random() { _ = decoder.silence() }
        }
        _ = decoder.silence()
        #expect(decoder.receive("q".utf8) == [.key(Key(.character("q")))])
    }
}
