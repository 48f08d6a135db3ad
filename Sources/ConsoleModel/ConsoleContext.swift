/// What the console knows before it has asked the store anything.
public struct ConsoleContext: Hashable, Sendable {
    /// The name of the store, as its directory is called.
    public var storeName: String
    /// The directory of the store, as commands take it.
    public var storePath: String
    /// The name of the environment in words, such as `production`; empty where none is set.
    public var environmentName: String
    /// Whether the environment is one to be careful in.
    public var isProduction: Bool
    /// The offset of local time from UTC in minutes.
    public var localOffsetMinutes: Int
    /// The themes that can be chosen, by name.
    public var themeNames: [String]
    /// The name of the theme the console starts with.
    public var themeName: String

    /// Makes a context; only the store's name has no default.
    public init(
        storeName: String,
        storePath: String = "STORE",
        environmentName: String = "",
        isProduction: Bool = false,
        localOffsetMinutes: Int = 0,
        themeNames: [String] = [],
        themeName: String = ""
    ) {
        self.storeName = storeName
        self.storePath = storePath
        self.environmentName = environmentName
        self.isProduction = isProduction
        self.localOffsetMinutes = localOffsetMinutes
        self.themeNames = themeNames
        self.themeName = themeName
    }
}
