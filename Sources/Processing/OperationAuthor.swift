/// Who asked for an operation, where and why.
public struct OperationAuthor: Hashable, Sendable {
    /// Who asked.
    public var operatorName: String
    /// On which machine.
    public var host: String
    /// Why, in the operator's words.
    public var reason: String

    /// Makes an author; without arguments one of whom nothing is known.
    public init(operatorName: String = "", host: String = "", reason: String = "") {
        self.operatorName = operatorName
        self.host = host
        self.reason = reason
    }
}

extension Operation {
    /// Who asked, where and why.
    public var author: OperationAuthor {
        OperationAuthor(operatorName: operatorName, host: host, reason: reason)
    }
}
