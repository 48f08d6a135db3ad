import Testing

@testable import Screen

@Suite struct FrameTests {
    @Test func `a cell takes twelve bytes without padding`() {
        #expect(MemoryLayout<Cell>.size == 12 && MemoryLayout<Cell>.stride == 12)
    }

    @Test func `styles survive packing`() {
        for role in StyleRole.allCases {
            for backdrop in Style.Backdrop.allCases {
                for bits in UInt8(0)..<32 {
                    let attributes = StyleAttributes(rawValue: bits)
                    let style = Style(role, attributes, on: backdrop)
                    #expect(style.role == role && style.backdrop == backdrop)
                    #expect(style.attributes == attributes && style.index < Style.indexLimit)
                }
            }
        }
    }

    @Test func `roles have names and letters of their own`() {
        #expect(Set(StyleRole.allCases.map(\.name)).count == StyleRole.allCases.count)
        #expect(Set(StyleRole.allCases.map(\.letter)).count == StyleRole.allCases.count)
        #expect(StyleRole.allCases.allSatisfy { StyleRole(name: $0.name) == $0 })
    }

    @Test func `glyphs are visible and one cell wide in every set`() {
        for set in GlyphSet.allCases {
            for scalar in Glyph.allCases.map({ $0.scalar(in: set) }) + Glyph.levels(in: set)
                + Glyph.fillings(in: set)
            {
                #expect(CharacterClass(scalar.value) == .narrow)
                #expect(set != .ascii || scalar.isASCII)
            }
        }
    }

    @Test func `text outside is cut or not drawn`() {
        var frame = Frame(size: Size(width: 5, height: 2))
        #expect(frame.draw("abc", at: Point(x: 3, y: 0)) == 2)
        #expect(frame.draw("abc", at: Point(x: 0, y: 2)) == 0)
        #expect(frame.draw("abc", at: Point(x: -1, y: 0)) == 0)
        #expect(frame.draw("漢", at: Point(x: 4, y: 1)) == 1)
        #expect(frame.plainText == "   a…\n    …\n")
    }

    @Test func `alignment moves text inside its width`() {
        var frame = Frame(size: Size(width: 8, height: 3))
        frame.draw("ab", at: Point(x: 1, y: 0), width: 5, alignment: .right)
        frame.draw("ab", at: Point(x: 1, y: 1), width: 5, alignment: .center)
        frame.draw("漢", at: Point(x: 1, y: 2), width: 5, alignment: .right)
        #expect(frame.plainText == "    ab\n  ab\n    漢\n")
    }

    @Test func `half a wide character is never left`() {
        for column in 0..<4 {
            var frame = Frame(size: Size(width: 4, height: 1))
            frame.draw("漢字", at: .origin)
            frame.draw("x", at: Point(x: column, y: 0))
            #expect(frame.row(0).count { $0.width == 2 } == 1)
            #expect(frame.row(0).count { $0.width == 0 } == 1)
            frame.fill(Rectangle(x: column, y: 0, width: 1, height: 1), style: .text)
            frame.draw("漢", at: Point(x: min(column, 2), y: 0))
            frame.draw(.check, at: Point(x: 1, y: 0))
            for (index, cell) in frame.row(0).enumerated() where cell.width == 2 {
                #expect(frame[Point(x: index + 1, y: 0)].width == 0)
            }
        }
    }

    @Test func `random drawing keeps rows whole`() {
        var generator = SplitMix(state: 3)
        let texts = ["abc", "漢字かな", "e\u{301}x", "long text that is cut", "\u{1B}[2J", "", "字"]
        for _ in 0..<2_000 {
            var frame = Frame(size: Size(width: .random(in: 0...12, using: &generator), height: 3))
            for _ in 0..<8 {
                let point = Point(
                    x: .random(in: -2...13, using: &generator),
                    y: .random(in: -1...4, using: &generator)
                )
                let width =
                    Bool.random(using: &generator) ? Int.random(in: -1...9, using: &generator) : nil
                frame.draw(
                    texts.randomElement(using: &generator) ?? "",
                    at: point,
                    width: width,
                    alignment: [.left, .center, .right].randomElement(using: &generator) ?? .left
                )
                frame.progressBar(at: point, width: width ?? 3, fraction: 0.4, style: .text)
            }
            for y in 0..<3 {
                #expect(frame.row(y).reduce(0) { $0 + $1.width } == frame.size.width)
            }
        }
    }

    @Test func `styled text draws its runs and ends in an ellipsis`() {
        let line = StyledText("● live", Style(.stateOK)) + " since" + StyledText(" 6 h", .muted)
        var frame = Frame(size: Size(width: 12, height: 2))
        #expect(frame.draw(line, at: .origin) == 12)
        #expect(frame.draw(line, at: Point(x: 0, y: 1), width: 8) == 8)
        #expect(frame.plainText == "● live since\n● live …\n".replacing("since\n", with: "sinc…\n"))
        #expect(frame[Point(x: 0, y: 0)].style.role == .stateOK)
        #expect(frame[Point(x: 8, y: 0)].style.role == .text)
    }

    @Test func `frames are equal when they show the same`() {
        var first = Frame(size: Size(width: 6, height: 2))
        var second = first
        first.draw("e\u{301}", at: .origin)
        second.draw("a\u{302}", at: .origin)
        #expect(first != second)
        second.draw("e\u{301}", at: .origin)
        #expect(first == second)
        second.draw("x", at: Point(x: 0, y: 1))
        #expect(second.changedRows(since: first) == [1])
        second = first
        second.cursor = .origin
        #expect(first != second && second.changedRows(since: first).isEmpty)
        #expect(first.changedRows(since: Frame(size: Size(width: 5, height: 2))) == [0, 1])
    }

    @Test func `a bar is full only when all is done`() {
        var frame = Frame(size: Size(width: 4, height: 5), glyphs: .basic)
        for (row, fraction) in [0, 0.5, 0.999, 1, .nan].enumerated() {
            frame.progressBar(at: Point(x: 0, y: row), width: 4, fraction: fraction, style: .text)
        }
        #expect(frame.plainText == "░░░░\n██░░\n███▌\n████\n░░░░\n")
    }

    @Test func `a sparkline shows the newest values at the right`() {
        var frame = Frame(size: Size(width: 5, height: 2))
        frame.sparkline([9, 0, 4, 8, 0.01], at: .origin, width: 4)
        frame.sparkline([1, .nan, .infinity, -3], at: Point(x: 0, y: 1), width: 5)
        #expect(frame.plainRow(0) == " ▄█▁")
        #expect(frame.plainRow(1) == " █ █")
    }

    @Test func `wrapped text says that it goes on`() {
        var frame = Frame(size: Size(width: 6, height: 2))
        let rows = frame.draw(wrapping: "one two three four", in: frame.bounds)
        #expect(rows == 2 && frame.plainText == "one\ntwo…\n")
    }

    @Test func `a row of a table is the same in a frame and as text`() {
        let columns = Columns(
            [.flexible(minimum: 6), .fixed(4, dropOrder: 1), .fixed(6, .right)],
            width: 15
        )
        let values = ["projection 漢", "gone", "12\u{7}"]
        var frame = Frame(size: Size(width: 15, height: 1))
        frame.draw(values.map { StyledText($0) }, in: columns, at: .origin)
        #expect(frame.plainRow(0) == "project… 12<U+…")
        #expect(columns.line(values) == frame.plainRow(0))
        #expect(columns.line(["a", "", "1"]) == "a             1")
    }

    @Test(arguments: [
        ("abcd", "abcd"), ("abcde", "abc…"), ("abcd\u{301}", "abcd\u{301}"),
        ("abcd\u{301}e", "abc…"), ("abcdé", "abc…"), ("abcd\n", "abc…"), ("abc\n", "abc…"),
    ])
    func `the fast way of drawing cuts like the other`(text: String, shown: String) {
        var frame = Frame(size: Size(width: 4, height: 1))
        frame.draw(text, at: .origin)
        #expect(frame.plainRow(0).unicodeScalars.elementsEqual(shown.unicodeScalars))
        #expect(
            TerminalText.clipped(text, to: 4).unicodeScalars.elementsEqual(shown.unicodeScalars)
        )
    }

    @Test func `golden text shows characters, roles and styles`() {
        var frame = Frame(size: Size(width: 8, height: 2))
        frame.draw("ok", at: .origin, style: Style(.stateOK))
        frame.draw("late", at: Point(x: 2, y: 1), style: Style(.lagWarning, .bold))
        frame.lay(frame.bounds.row(0), on: .selection)
        frame.cursor = Point(x: 1, y: 1)
        #expect(
            frame.golden == """
                frame 8x2 cursor 1,1
                ok
                  late
                roles
                oo
                  wwww
                styles
                0: 0-7 on selection
                1: 2-5 bold

                """
        )
    }

    @Test func `a full frame is drawn within its budget`() {
        let text = "4,211  billing          live    12,604,331    0.3 s   1,240/s"
        let clock = ContinuousClock()
        let best =
            (0..<20).map { _ in
                clock.measure {
                    var frame = Frame(size: Size(width: 200, height: 60))
                    for row in 0..<60 {
                        for column in stride(from: 0, to: 200, by: 66) {
                            frame.draw(text, at: Point(x: column, y: row), style: Style(.stateOK))
                        }
                    }
                }
            }.min() ?? .zero
        #expect(best < .milliseconds(40))
    }
}
