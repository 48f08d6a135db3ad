/// Which store this is.
public struct StoreIdentity: Hashable, Sendable {
    /// The store's own number, written as a UUID.
    public var id: EventID
    /// How often the store has been restored and promoted, from 1.
    public var incarnation: UInt32
    /// The name under which the store was made.
    public var name: String

    /// Makes an identity from its parts.
    public init(id: EventID, incarnation: UInt32, name: String) {
        self.id = id
        self.incarnation = incarnation
        self.name = name
    }
}
