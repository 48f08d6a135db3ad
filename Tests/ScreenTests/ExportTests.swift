import Testing

@testable import Screen

@Suite struct ExportTests {
    var frame: Frame {
        var frame = Frame(size: Size(width: 12, height: 2))
        frame.draw("a<b>&\"", at: .origin, style: Style(.lagWarning))
        frame.draw("漢█x", at: Point(x: 0, y: 1), style: Style(.lagCritical))
        return frame
    }

    @Test func `ANSI text uses the colours of the depth`() {
        let theme = Theme.nightWatch
        #expect(
            frame.ansiText(theme: theme, depth: .direct)
                == "\u{1B}[0;38;2;255;239;122ma<b>&\"\u{1B}[0m\n"
                + "\u{1B}[0;1;38;2;20;24;31;48;2;255;69;69m漢█x\u{1B}[0m\n"
        )
        #expect(
            frame.ansiText(theme: theme, depth: .indexed).hasPrefix("\u{1B}[0;38;5;228ma<b>")
        )
        #expect(
            frame.ansiText(theme: theme, depth: .basic)
                == "\u{1B}[0;93ma<b>&\"\u{1B}[0m\n\u{1B}[0;7;31m漢█x\u{1B}[0m\n"
        )
        #expect(
            frame.ansiText(theme: theme, depth: .none)
                == "\u{1B}[0;1ma<b>&\"\u{1B}[0m\n\u{1B}[0;1;7m漢█x\u{1B}[0m\n"
        )
    }

    @Test func `SVG escapes text and is the same every time`() {
        let svg = frame.svg(theme: .nightWatch, title: "a<b>\u{1B}")
        #expect(svg == frame.svg(theme: .nightWatch, title: "a<b>\u{1B}"))
        #expect(svg.contains(">a&lt;b&gt;&amp;&quot;</text>"))
        #expect(svg.contains("<title>a&lt;b&gt;&lt;U+001B&gt;</title>"))
        #expect(!svg.contains(" id=") && !svg.contains("█"))
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    }
}
