import Glibc
import Synchronization

/// The wish of whoever sits at the terminal, or of the system, that the program ends.
enum Interrupt {
    private static let flag = Atomic<Bool>(false)

    /// Whether the wish has come.
    static var isRaised: Bool { flag.load(ordering: .acquiring) }

    /// Takes note of the wish from here on instead of ending at once.
    static func catchSignals(_ numbers: [Int32] = [SIGINT, SIGTERM]) {
        for number in numbers {
            signal(number) { _ in Interrupt.raise() }
        }
    }

    /// Forgets a wish that was met.
    static func forget() {
        flag.store(false, ordering: .releasing)
    }

    private static func raise() {
        flag.store(true, ordering: .releasing)
    }
}
