package import Screen

/// A terminal that understands what a session sends, and nothing else.
package struct VirtualTerminal {
    /// What one cell shows.
    package struct Cell: Equatable {
        /// The characters.
        package var text: String = " "
        /// Their colours and attributes.
        package var look = Appearance()
        /// Whether it is covered by the wide character to its left.
        package var isRightHalf = false
    }

    /// How many columns and rows it has.
    package private(set) var size: Size
    /// The rows of cells, from the top.
    package private(set) var cells: [[Cell]]
    /// The private modes that are on.
    package private(set) var modes: Set<Int> = []
    /// What was sent and not understood.
    package private(set) var unknown: [String] = []
    /// The column of the cursor.
    package private(set) var x = 0
    /// The row of the cursor.
    package private(set) var y = 0
    private var look = Appearance()
    private var wrapsNext = false

    /// Makes a blank terminal.
    package init(size: Size) {
        self.size = size
        cells = Array(repeating: Array(repeating: Cell(), count: size.width), count: size.height)
    }

    /// The text of each row, without the spaces at its end.
    package var lines: [String] {
        cells.map { row in
            var line = row.filter { !$0.isRightHalf }.map(\.text).joined()
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }

    /// Becomes larger or smaller; what stays on the screen stays where it is.
    package mutating func resize(to size: Size) {
        let before = cells
        self = VirtualTerminal(size: size, modes: modes)
        for (y, row) in before.prefix(size.height).enumerated() {
            for (x, cell) in row.prefix(size.width).enumerated() { cells[y][x] = cell }
        }
    }

    private init(size: Size, modes: Set<Int>) {
        self.init(size: size)
        self.modes = modes
    }

    /// Takes in what a program writes.
    package mutating func receive(_ bytes: [UInt8]) {
        var scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\u{1B}": escape(&scalars)
            case "\r": move(x: 0)
            case "\n": move(y: min(y + 1, size.height - 1))
            case "\u{8}": move(x: max(0, x - 1))
            case "\u{7}": break
            default: print(scalar)
            }
        }
    }

    private mutating func move(x: Int? = nil, y: Int? = nil) {
        self.x = min(max(0, x ?? self.x), size.width - 1)
        self.y = min(max(0, y ?? self.y), size.height - 1)
        wrapsNext = false
    }

    private mutating func print(_ scalar: Unicode.Scalar) {
        let width = TerminalText.width(String(scalar))
        guard (0x300...0x36F).contains(scalar.value) == false else {
            var column = wrapsNext ? x : x - 1
            if cells[y][column].isRightHalf { column -= 1 }
            cells[y][column].text.unicodeScalars.append(scalar)
            return
        }
        if wrapsNext { unknown.append("wrap at \(y)") }
        cells[y][x] = Cell(text: String(scalar), look: look)
        if width == 2, x + 1 < size.width {
            cells[y][x + 1] = Cell(text: "", look: look, isRightHalf: true)
        }
        if x + width >= size.width {
            x = size.width - 1
            wrapsNext = true
        } else {
            x += width
        }
    }

    private mutating func escape(_ scalars: inout ArraySlice<Unicode.Scalar>) {
        guard let kind = scalars.popFirst() else { return }
        if kind == "]" {
            while let scalar = scalars.popFirst(), scalar != "\u{7}" {}
            return
        }
        guard kind == "[" else {
            unknown.append("ESC \(kind)")
            return
        }
        var parameters = ""
        while let scalar = scalars.popFirst() {
            if (0x40...0x7E).contains(scalar.value) {
                control(parameters, scalar)
                return
            }
            parameters.unicodeScalars.append(scalar)
        }
    }

    private mutating func control(_ parameters: String, _ final: Unicode.Scalar) {
        let isPrivate = parameters.hasPrefix("?")
        let numbers = parameters.drop { $0 == "?" }
            .split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        let first = max(1, numbers.first ?? 1)
        let blank = Cell(look: Appearance(.standard, on: look.background))
        switch final {
        case "h" where isPrivate: modes.formUnion(numbers)
        case "l" where isPrivate: modes.subtract(numbers)
        case "t": break
        case "m": select(numbers)
        case "H": move(x: (numbers.count > 1 ? numbers[1] : 1) - 1, y: first - 1)
        case "G": move(x: first - 1)
        case "d": move(y: first - 1)
        case "A": move(y: y - first)
        case "B": move(y: y + first)
        case "C": move(x: x + first)
        case "D": move(x: x - first)
        case "J" where numbers.first == 2:
            for row in cells.indices { erase(row, 0..<size.width, blank) }
        case "J":
            erase(y, x..<size.width, blank)
            for row in y + 1..<max(y + 1, size.height) { erase(row, 0..<size.width, blank) }
        case "K" where numbers.first == 1: erase(y, 0..<x + 1, blank)
        case "K": erase(y, x..<size.width, blank)
        case "X": erase(y, x..<min(x + first, size.width), blank)
        case "P":
            cells[y].removeSubrange(x..<min(x + first, size.width))
            cells[y] += Array(repeating: blank, count: size.width - cells[y].count)
        case "@":
            cells[y].insert(contentsOf: Array(repeating: blank, count: first), at: x)
            cells[y].removeLast(first)
        default: unknown.append("CSI \(parameters)\(final)")
        }
    }

    private mutating func erase(_ row: Int, _ columns: Range<Int>, _ blank: Cell) {
        for column in columns { cells[row][column] = blank }
    }

    private mutating func select(_ numbers: [Int]) {
        var rest = numbers[...]
        while let code = rest.popFirst() {
            switch code {
            case 0: look = Appearance()
            case 1: look.attributes.insert(.bold)
            case 2: look.attributes.insert(.dim)
            case 3: look.attributes.insert(.italic)
            case 4: look.attributes.insert(.underline)
            case 7: look.attributes.insert(.reverse)
            case 23: look.attributes.remove(.italic)
            case 24: look.attributes.remove(.underline)
            case 27: look.attributes.remove(.reverse)
            case 39: look.foreground = .standard
            case 49: look.background = .standard
            case 30...37, 90...97: look.foreground = basic(code, 30)
            case 40...47, 100...107: look.background = basic(code, 40)
            case 38: look.foreground = extended(&rest)
            case 48: look.background = extended(&rest)
            default: unknown.append("SGR \(code)")
            }
        }
    }

    private func basic(_ code: Int, _ start: Int) -> TerminalColor {
        let index = code >= 90 ? code - start - 60 + 8 : code - start
        return BasicColor(rawValue: UInt8(index)).map { .basic($0) } ?? .standard
    }

    private func extended(_ rest: inout ArraySlice<Int>) -> TerminalColor {
        if rest.popFirst() == 5 { return .indexed(UInt8(rest.popFirst() ?? 0)) }
        let parts = (0..<3).map { _ in UInt8(rest.popFirst() ?? 0) }
        return .direct(Color(red: parts[0], green: parts[1], blue: parts[2]))
    }
}
