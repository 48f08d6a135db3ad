import Recount

enum CartEvent: DomainEvent {
    case added(item: String, cents: Int), checkedOut
    static let forms = EventForms(prefix: "Cart", cases: "added", "checkedOut")
}

struct Cart: Aggregate, Codable {
    enum Command: Decodable { case add(item: String, cents: Int), checkOut }
    enum Rejection: Error { case isEmpty, isCheckedOut }
    static let category = Category("cart")
    var totalCents = 0, isCheckedOut = false

    func decide(_ command: Command) throws(Rejection) -> [CartEvent] {
        if isCheckedOut { throw .isCheckedOut }
        if case .add(let item, let cents) = command { return [.added(item: item, cents: cents)] }
        if totalCents == 0 { throw .isEmpty }
        return [.checkedOut]
    }
    mutating func evolve(_ event: CartEvent) {
        if case .added(_, let cents) = event { totalCents += cents } else { isCheckedOut = true }
    }
}

try await Application { Cart.self }.main()
