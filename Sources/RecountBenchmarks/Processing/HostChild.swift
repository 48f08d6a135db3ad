import EventLog
import EventModel
import EventStorage
import Glibc
import Processing

/// This program as a process of its own that runs the read model of a store for others.
enum HostChild {
    /// The first argument of such a process; the second is the store.
    static let command = "host-child"

    /// Runs the read model, tells when it has caught up, and goes on until nobody listens.
    static func main(_ arguments: [String]) -> Never {
        guard arguments.count == 1 else { exit(2) }
        do {
            let log = try EventLog.open(StoreDirectory(arguments[0]))
            let host = ProcessorHost([log.group(BilledProjection())], on: log)
            let head = try log.head()
            try host.wait(until: head)
            print(head.number)
            fflush(nil)
            // Asked for nothing, the system tells when the other end of the pipe is closed.
            var output = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
            while poll(&output, 1, -1) < 0 && errno == EINTR {}
            host.stop()
            exit(0)
        } catch {
            print(error)
            exit(4)
        }
    }
}
