import Glibc

/// Writes to a terminal.
enum TerminalOutput {
    /// Sends all bytes, in one write if the terminal takes them; false if it is gone.
    ///
    /// `shouldStop` is asked when a signal came or the terminal does not take more yet.
    static func send(_ bytes: [UInt8], to descriptor: Int32, shouldStop: () -> Bool) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                write(descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
            }
            if count >= 0 {
                sent += count
                continue
            }
            switch errno {
            case EINTR: break
            case EAGAIN:
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&request, 1, 1_000)
            default: return false
            }
            if shouldStop() { return false }
        }
        return true
    }
}
