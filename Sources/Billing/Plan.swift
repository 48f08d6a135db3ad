/// What a customer subscribes to.
public enum Plan: String, Codable, Hashable, Sendable, CaseIterable {
    /// One person.
    case solo
    /// A few people.
    case team
    /// A company.
    case business
    /// A large company.
    case enterprise

    /// The price of a month in cents.
    public var monthlyCents: Int {
        switch self {
        case .solo: 900
        case .team: 4_900
        case .business: 19_900
        case .enterprise: 99_000
        }
    }
}
