import CNcurses
import Testing

@testable import Screen

@Suite struct CharacterWidthTests {
    @Test func `widths are those of the C library`() {
        #expect(curses_use_utf8() != 0)
        for value in UInt32(0x20)...0x10FFFF {
            let expected: Int32
            switch CharacterClass(value) {
            case .mark: expected = 0
            case .narrow: expected = 1
            case .wide: expected = 2
            case .escaped, .variant: continue
            }
            if wcwidth(wchar_t(value)) != expected {
                Issue.record("U+\(String(value, radix: 16))")
                return
            }
        }
    }
}
