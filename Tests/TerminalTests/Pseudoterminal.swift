import Dispatch
import Glibc
import Synchronization
import Testing

/// Both ends of a terminal line, and all that was written to it.
final class Pseudoterminal: Sendable {
    let line: Int32
    let name: String
    private let controller: Controller

    /// The end at which the person sits, read by a thread of its own.
    private final class Controller: Sendable {
        let descriptor: Int32
        let received = Mutex<[UInt8]>([])
        let shouldClose = Atomic<Bool>(false)
        let isClosed = Atomic<Bool>(false)

        init(_ descriptor: Int32) {
            self.descriptor = descriptor
        }

        func run() {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while !shouldClose.load(ordering: .acquiring) {
                var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                guard poll(&request, 1, 2) > 0 else { continue }
                let count = read(descriptor, &buffer, buffer.count)
                if count <= 0 { break }
                received.withLock { $0 += buffer[..<count] }
            }
            close(descriptor)
            isClosed.store(true, ordering: .releasing)
        }
    }

    init(columns: UInt16, rows: UInt16) throws {
        var (upper, lower): (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        var path = [CChar](repeating: 0, count: 128)
        try #require(openpty(&upper, &lower, &path, nil, &size) == 0)
        line = lower
        name = String(decoding: path.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        let controller = Controller(upper)
        self.controller = controller
        DispatchQueue.global().async { controller.run() }
    }

    deinit {
        controller.shouldClose.store(true, ordering: .releasing)
        close(line)
    }

    /// Hangs up, and returns when that is done.
    func hangUp() {
        controller.shouldClose.store(true, ordering: .releasing)
        while !controller.isClosed.load(ordering: .acquiring) { usleep(1_000) }
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(controller.descriptor, bytes, bytes.count)
    }

    /// Writes as a program at the line does.
    func print(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(line, bytes, bytes.count)
    }

    /// What was written, as soon as it ends as given.
    func output(endingWith end: [UInt8]) -> [UInt8] {
        for _ in 0..<5_000 {
            let bytes = controller.received.withLock { $0 }
            if bytes.suffix(end.count).elementsEqual(end) { return bytes }
            usleep(1_000)
        }
        Issue.record("The output never ended as expected.")
        return controller.received.withLock { $0 }
    }

    func clear() {
        controller.received.withLock { $0.removeAll() }
    }

    var attributes: termios {
        var attributes = termios()
        tcgetattr(line, &attributes)
        return attributes
    }
}

extension termios {
    /// What a program can change, comparable.
    var flags: [UInt32] { [c_iflag, c_oflag, c_cflag, c_lflag] }
}
