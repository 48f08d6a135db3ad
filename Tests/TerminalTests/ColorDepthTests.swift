import Screen
import Terminal
import Testing

@Suite struct ColorDepthTests {
    @Test(arguments: [
        (["COLORTERM": "truecolor", "TERM": "xterm"], ColorDepth.direct),
        (["COLORTERM": "24bit", "TERM": "screen.xterm"], .basic),
        (["COLORTERM": "truecolor", "TERM": "screen-256color"], .indexed),
        (["COLORTERM": "truecolor", "TERM": "screen-256color", "TMUX": "/tmp/x"], .direct),
        (["NO_COLOR": "1", "COLORTERM": "truecolor"], .none),
        (["NO_COLOR": "", "TERM": "xterm-direct"], .direct),
        (["TERM": "tmux-256color"], .indexed), (["TERM": "linux"], .basic), ([:], .basic),
    ])
    func `the environment tells the number of colours`(
        variables: [String: String],
        depth: ColorDepth
    ) {
        #expect(ColorDepth.chosen { variables[$0] } == depth)
        #expect(ColorDepth.chosen(wanted: .indexed) { variables[$0] } == .indexed)
    }
}
