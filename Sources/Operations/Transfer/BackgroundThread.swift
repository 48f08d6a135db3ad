import Glibc

/// A thread of its own for work that blocks.
struct BackgroundThread: ~Copyable {
    private let thread: pthread_t

    /// Starts a thread that runs `body` once.
    init(_ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            },
            box.toOpaque()
        )
        guard status == 0 else { preconditionFailure("The system allows no further thread.") }
        self.thread = thread
    }

    /// Waits until the thread has ended.
    consuming func join() {
        pthread_join(thread, nil)
    }

    /// Lets the thread run on without anybody waiting for its end.
    consuming func detach() {
        pthread_detach(thread)
    }

    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}
