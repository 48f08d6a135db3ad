import Glibc
import Synchronization

/// The wish of whoever sits at the terminal, or of the system, that the program ends.
enum Interrupt {
    private static let flag = Atomic<Bool>(false)

    /// Whether the wish has come.
    static var isRaised: Bool { flag.load(ordering: .acquiring) }

    /// Takes note of the wish from here on instead of ending at once.
    static func catchSignals() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in Interrupt.raise() }
        }
    }

    private static func raise() {
        flag.store(true, ordering: .releasing)
    }
}
