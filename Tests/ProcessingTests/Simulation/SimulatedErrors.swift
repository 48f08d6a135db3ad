/// The process of the host has died; nothing of it goes on.
struct Crash: Error {}

/// The machine did not do what it was asked for, this time.
struct MachineFault: Error {}

/// Another transaction is under way for too long.
struct FileBusy: Error {}

/// An event cannot be handled.
struct Poison: Error, CustomStringConvertible {
    let description = "poison"
}

/// An event breaks a rule that is looked at when everything is stored.
struct LatePoison: Error, CustomStringConvertible {
    let description = "late poison"
}

/// The code does what it must not do.
struct Violation: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
