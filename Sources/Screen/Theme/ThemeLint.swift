/// Something in a theme that is hard to read or to tell apart.
public struct ThemeFinding: Hashable, Sendable, CustomStringConvertible {
    /// The roles in question.
    public let roles: [StyleRole]
    /// What was measured.
    public let measured: Double
    /// What it should be at least.
    public let wanted: Double
    /// What is wrong, as a sentence.
    public let description: String
}

/// Checks whether everybody can read a theme.
public enum ThemeLint {
    /// The contrast that text must have: WCAG 2 level AA.
    public static let textContrast = 4.5
    /// The contrast that rules and frames must have.
    public static let borderContrast = 1.5
    /// How different the colours of states must look, in CIEDE2000, to every eye.
    public static let stateDifference = 20.0

    /// Everything that is wrong with a theme, in the order of roles.
    public static func findings(in theme: Theme) -> [ThemeFinding] {
        contrastFindings(in: theme) + stateFindings(in: theme)
    }

    private static func contrastFindings(in theme: Theme) -> [ThemeFinding] {
        StyleRole.allCases.compactMap { role in
            let wanted: Double
            switch role {
            case .chartFill, .surface: return nil
            case .border, .chartLine1, .chartLine2: wanted = borderContrast
            default: wanted = textContrast
            }
            let colors = theme.colors(of: role)
            let measured = colors.foreground.contrast(with: colors.background ?? theme.background)
            guard measured < wanted else { return nil }
            return ThemeFinding(
                roles: [role],
                measured: measured,
                wanted: wanted,
                description: "\(role.name) has a contrast of \(short(measured)) : 1; "
                    + "it needs \(short(wanted)) : 1."
            )
        }
    }

    private static func stateFindings(in theme: Theme) -> [ThemeFinding] {
        let states: [StyleRole] = [.lagOK, .lagWarning, .lagCritical, .stateReplaying]
        let pairs = states.indices.flatMap { index in
            states[(index + 1)...].map { (states[index], $0) }
        }
        if states.allSatisfy({ carrier(of: $0, in: theme).isGrey }) {
            return pairs.compactMap { setFinding($0, $1, in: theme) }
        }
        return pairs.flatMap { first, second in
            ColorVision.allCases.compactMap { vision -> ThemeFinding? in
                let measured = carrier(of: first, in: theme)
                    .difference(to: carrier(of: second, in: theme), seenWith: vision)
                guard measured < stateDifference else { return nil }
                return ThemeFinding(
                    roles: [first, second],
                    measured: measured,
                    wanted: stateDifference,
                    description: "\(first.name) and \(second.name) differ by \(short(measured)) "
                        + "with \(vision.rawValue) vision; they need \(short(stateDifference))."
                )
            }
        }
    }

    /// Without colours, states must be set differently.
    private static func setFinding(
        _ first: StyleRole,
        _ second: StyleRole,
        in theme: Theme
    ) -> ThemeFinding? {
        let looks = [first, second].map { theme.colors[Int($0.rawValue)] }
        guard looks[0].attributes == looks[1].attributes,
            (looks[0].background == nil) == (looks[1].background == nil)
        else { return nil }
        return ThemeFinding(
            roles: [first, second],
            measured: 0,
            wanted: 1,
            description: "\(first.name) and \(second.name) have no colour and the same attributes."
        )
    }

    /// The colour that one sees of a role: its background if it has one.
    private static func carrier(of role: StyleRole, in theme: Theme) -> Color {
        let colors = theme.colors(of: role)
        return colors.background ?? colors.foreground
    }

    /// A number with one digit after the point, rounded down so that 4.49 is not called 4.5.
    private static func short(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded(.down))
        return "\(tenths / 10).\(tenths % 10)"
    }
}
