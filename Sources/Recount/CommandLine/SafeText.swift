/// The one way in which text from outside reaches a terminal, a table or a message.
package enum SafeText {
    /// The text on one line, with everything spelled out that a terminal could obey or hide.
    package static func sanitized(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isVisible(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                let zeros = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
                result += "<U+\(zeros)\(digits)>"
            }
        }
        return result
    }

    /// The number of cells that a sanitized text takes.
    package static func width(_ text: String) -> Int {
        text.unicodeScalars.count { !isMark($0) }
    }

    /// The text sanitized and cut to at most that many cells, the last one an ellipsis.
    package static func clipped(_ text: String, to width: Int) -> String {
        let text = sanitized(text)
        guard self.width(text) > width else { return text }
        guard width > 0 else { return "" }
        var result = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            count += isMark(scalar) ? 0 : 1
            if count >= width { break }
            result.append(scalar)
        }
        return String(result) + "…"
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            false
        default:
            !scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        default: false
        }
    }
}
