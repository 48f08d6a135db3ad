package import EventLog
package import OperationsModel

extension Problem {
    /// What an operator is told of a finding about the files of the log.
    package init(_ finding: LogFinding) {
        self.init(
            severity: Severity(finding.severity),
            place: .store,
            summary: finding.summary,
            remedy: finding.remedy,
            kind: finding.kind.rawValue,
            file: finding.file,
            bytes: finding.bytes,
            positions: finding.positions
        )
    }

    /// What an operator is told of a store that cannot be opened.
    package init(unopened error: any Error) {
        self.init(
            severity: .critical,
            place: .store,
            summary: "the store cannot be opened: \(error)",
            remedy: "see the guide to recovery",
            kind: "storeUnopened"
        )
    }

    /// Problems, worst first; equal severities stay in their order.
    package static func sorted(_ problems: [Problem]) -> [Problem] {
        let severities: [Severity] = [.critical, .warning, .notice]
        return severities.flatMap { severity in problems.filter { $0.severity == severity } }
    }
}

extension Problem.Severity {
    fileprivate init(_ severity: LogFinding.Severity) {
        switch severity {
        case .notice: self = .notice
        case .warning: self = .warning
        case .critical: self = .critical
        }
    }
}
