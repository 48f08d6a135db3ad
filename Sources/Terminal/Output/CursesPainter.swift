import CNcurses
import CSystem
import Glibc
import Screen

/// Lets ncurses find the shortest bytes from one frame to the next.
///
/// ncurses writes into a file in memory, since it flushes at every cursor move; what it wrote is
/// handed out in one piece. The screen starts out empty, with its cursor anywhere.
struct CursesPainter: ~Copyable {
    private let screen: OpaquePointer
    private let file: UnsafeMutablePointer<FILE>
    private let inputFile: UnsafeMutablePointer<FILE>
    private let sink: Int32
    private let depth: ColorDepth
    private var size: Size
    private var shown: Frame?
    private var theme: Theme?
    private var looks: [Look?] = []
    private var line: [cchar_t] = []

    /// An appearance as ncurses takes it.
    private struct Look {
        let attributes: UInt32
        let pair: Int32
    }

    /// Starts ncurses on a file in memory.
    init(size: Size, depth: ColorDepth) throws(TerminalError) {
        guard curses_use_utf8() != 0 else { throw .failed(call: "setlocale", code: 0) }
        let sink = terminal_make_memory_file()
        guard sink >= 0, let file = fdopen(sink, "w") else {
            throw .failed(call: "memfd_create", code: errno)
        }
        guard let inputFile = fopen("/dev/null", "r") else {
            fclose(file)
            throw .failed(call: "fopen", code: errno)
        }
        use_env(false)
        let entry: TerminfoEntry = depth == .direct ? .direct : .indexed
        let previous = getenv("TERMINFO").flatMap { strdup($0) }
        setenv("TERMINFO", entry.environmentValue, 1)
        let screen = newterm(entry.rawValue, file, inputFile)
        if let previous {
            setenv("TERMINFO", previous, 1)
            free(previous)
        } else {
            unsetenv("TERMINFO")
        }
        guard let screen else {
            fclose(file)
            fclose(inputFile)
            throw .failed(call: "newterm", code: 0)
        }
        self.screen = screen
        self.file = file
        self.inputFile = inputFile
        self.sink = sink
        self.depth = depth
        self.size = size
        if depth != .none {
            start_color()
            use_default_colors()
        }
        resize_term(Int32(size.height), Int32(size.width))
        leaveok(curses_screen_window(), false)
    }

    deinit {
        delscreen(screen)
        fclose(file)
        fclose(inputFile)
    }

    /// Forgets what the terminal shows, so that the next frame is painted whole.
    mutating func forget() {
        shown = nil
    }

    /// Follows the terminal to another size; the next frame is painted whole.
    mutating func resize(to size: Size) {
        self.size = size
        resize_term(Int32(max(1, size.height)), Int32(max(1, size.width)))
        forget()
    }

    /// The bytes that make the terminal show the frame; none if it does already.
    mutating func bytes(for frame: Frame, theme: Theme) -> [UInt8] {
        if let shown, shown == frame, self.theme == theme { return [] }
        let window = curses_screen_window()
        if self.theme != theme {
            self.theme = theme
            looks = Array(repeating: nil, count: Style.indexLimit)
            if shown != nil { draw(frame, rows: Array(0..<frame.size.height), in: window) }
        }
        if let shown, shown.size == frame.size {
            draw(frame, rows: frame.changedRows(since: shown), in: window)
        } else {
            werase(window)
            draw(frame, rows: Array(0..<frame.size.height), in: window)
        }
        if shown == nil { clearok(window, true) }
        if let cursor = frame.cursor {
            wmove(window, Int32(clamping: cursor.y), Int32(clamping: cursor.x))
        }
        wnoutrefresh(window)
        doupdate()
        shown = frame
        return takeBytes()
    }

    private mutating func draw(
        _ frame: Frame,
        rows: [Int],
        in window: UnsafeMutablePointer<WINDOW>?
    ) {
        for row in rows where row < size.height {
            line.removeAll(keepingCapacity: true)
            for column in 0..<min(frame.size.width, size.width) {
                let point = Point(x: column, y: row)
                let cell = frame[point]
                if cell.width == 0 { continue }
                let look = look(of: cell.style)
                let marks = frame.marks(at: point)
                let fits = column + cell.width <= size.width
                line.append(
                    curses_cell(
                        look.attributes,
                        look.pair,
                        fits ? cell.scalar : 0x20,
                        marks.0,
                        marks.1,
                        marks.2
                    )
                )
            }
            mvwadd_wchnstr(window, Int32(row), 0, line, Int32(line.count))
        }
    }

    private mutating func look(of style: Style) -> Look {
        if let known = looks[style.index] { return known }
        let appearance = theme?.appearance(of: style, depth: depth) ?? Appearance()
        let foreground = CursesPainter.number(of: appearance.foreground)
        let background = CursesPainter.number(of: appearance.background)
        let isPlain = depth == .none || foreground < 0 && background < 0
        let look = Look(
            attributes: CursesPainter.bits(of: appearance.attributes),
            pair: isPlain ? 0 : max(0, alloc_pair(foreground, background))
        )
        looks[style.index] = look
        return look
    }

    private static func number(of color: TerminalColor) -> Int32 {
        switch color {
        case .standard: -1
        case .basic(let basic): Int32(basic.rawValue)
        case .indexed(let index): Int32(index)
        case .direct(let color): Int32(color.value)
        }
    }

    private static func bits(of attributes: StyleAttributes) -> UInt32 {
        var bits: UInt32 = 0
        if attributes.contains(.bold) { bits |= curses_bold }
        if attributes.contains(.dim) { bits |= curses_dim }
        if attributes.contains(.italic) { bits |= curses_italic }
        if attributes.contains(.underline) { bits |= curses_underline }
        if attributes.contains(.reverse) { bits |= curses_reverse }
        return bits
    }

    /// Takes what ncurses wrote since the last time.
    private func takeBytes() -> [UInt8] {
        fflush(file)
        let count = max(0, Int(lseek(sink, 0, SEEK_CUR)))
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, pread(sink, buffer.baseAddress, count, 0))
        }
        ftruncate(sink, 0)
        lseek(sink, 0, SEEK_SET)
        return bytes
    }
}
