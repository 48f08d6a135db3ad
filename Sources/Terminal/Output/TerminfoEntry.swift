/// The terminfo entries that the terminal is driven with, whatever `TERM` says.
///
/// Every terminal of this century understands them, so unknown names (`TERM=ghostty` over ssh) do
/// no harm. They are `xterm-256color` of ncurses 6.4 without keys, `bce`, `rep`, modes and
/// printers; the modes are ours. In `recount-direct` a colour is always 0xRRGGBB, sent as
/// `38;2;r;g;b`; the branch for the first eight that other direct entries have is left out, so
/// black is black.
///
/// The texts are what `infocmp -x -Q2 -q` prints for the compiled entries. Without `-x` the flag
/// `RGB` would be lost, and ncurses would allocate a table of 16 million colours.
enum TerminfoEntry: String {
    case direct = "recount-direct"
    case indexed = "recount-256color"

    /// The compiled entry, as a value for the environment variable `TERMINFO`.
    var environmentValue: String {
        switch self {
        case .direct: Self.directEntry
        case .indexed: Self.indexedEntry
        }
    }

    private static let directEntry = """
        b64:HgIqAA8ADwBpAcUBcmVjb3VudC1kaXJlY3R8cmVjb3VudCB3aXRoIGRpcmVjdCBjb2xvcnMAAAEAAAEAAAAA\
        AAAAAAEBAFAAAAD_____GAAAAP____________________________________________________8AAAABAAAB\
        AP____8AAAIA__8TABsAHwAjAP__LgA_AEEA__9FAP____9HAP__SwD__08AUwD_______9XAFwA_____2EA____\
        ____ZgBrAHAAdQD__34A________ggCIAP____________________-OAP______________________________\
        ________________________________________________________________________________________\
        _________________5IAmwCkAK0AtgC_AMgA0QD__9oA________________________________4wD__-4A8ADz\
        AP______________________________________________________________________________________\
        ________________________________________________________________________________________\
        ________________________________________________________________________________________\
        ________________________________________________________________________________________\
        ______________80Af______________________________________________________________________\
        _zkB__________________________________9CAf_______________________0cB____________________\
        ______________________________________________________________________________9NAYkBDQAb\
        WyVpJXAxJWQ7JXAyJWRyABtbSBtbMkoAG1tLABtbSgAbWyVpJXAxJWRHABtbJWklcDElZDslcDIlZEgACgAbW0gA\
        CAAbW0MAG1tBABtbUAAbW00AG1s1bQAbWzFtABtbMm0AG1s3bQAbWzdtABtbNG0AG1slcDElZFgAG1ttABtbMjdt\
        ABtbMjRtABtbTAAbWyVwMSVkUAAbWyVwMSVkTQAbWyVwMSVkQgAbWyVwMSVkQAAbWyVwMSVkUwAbWyVwMSVkTAAb\
        WyVwMSVkRAAbWyVwMSVkQwAbWyVwMSVkQQAbWyVpJXAxJWRkAAoAG00AG1swJT8lcDYldDsxJTslPyVwNSV0OzIl\
        OyU_JXAyJXQ7NCU7JT8lcDElcDMlfCV0OzclOyU_JXA0JXQ7NSU7bQAbWzFLABtbMzk7NDltABtbM20AG1syM20A\
        G1szODsyOyVwMSV7NjU1MzZ9JS8lZDslcDElezI1Nn0lLyV7MjU1fSUmJWQ7JXAxJXsyNTV9JSYlZG0AG1s0ODsy\
        OyVwMSV7NjU1MzZ9JS8lZDslcDElezI1Nn0lLyV7MjU1fSUmJWQ7JXAxJXsyNTV9JSYlZG0AAAEAAAAAAAEABAAB\
        AAAAUkdCAA==
        """

    private static let indexedEntry = """
        b64:HgIpAA8ADwBpAcwBcmVjb3VudC0yNTZjb2xvcnxyZWNvdW50IHdpdGggMjU2IGNvbG9ycwAAAQAAAQAAAAAA\
        AAAAAQFQAAAA_____xgAAAD_____________________________________________________AAEAAAAAAQD_\
        ____AAACAP__EwAbAB8AIwD__y4APwBBAP__RQD_____RwD__0sA__9PAFMA________VwBcAP____9hAP______\
        _2YAawBwAHUA__9-AP_______4IAiAD_____________________jgD_________________________________\
        ________________________________________________________________________________________\
        ______________-SAJsApACtALYAvwDIANEA___aAP_______________________________-MA___uAPAA8wD_\
        ________________________________________________________________________________________\
        ________________________________________________________________________________________\
        ________________________________________________________________________________________\
        ________________________________________________________________________________________\
        ____________NAH_______________________________________________________________________85\
        Af__________________________________QgH_______________________9HAf______________________\
        ____________________________________________________________________________TQGMAQ0AG1sl\
        aSVwMSVkOyVwMiVkcgAbW0gbWzJKABtbSwAbW0oAG1slaSVwMSVkRwAbWyVpJXAxJWQ7JXAyJWRIAAoAG1tIAAgA\
        G1tDABtbQQAbW1AAG1tNABtbNW0AG1sxbQAbWzJtABtbN20AG1s3bQAbWzRtABtbJXAxJWRYABtbbQAbWzI3bQAb\
        WzI0bQAbW0wAG1slcDElZFAAG1slcDElZE0AG1slcDElZEIAG1slcDElZEAAG1slcDElZFMAG1slcDElZEwAG1sl\
        cDElZEQAG1slcDElZEMAG1slcDElZEEAG1slaSVwMSVkZAAKABtNABtbMCU_JXA2JXQ7MSU7JT8lcDUldDsyJTsl\
        PyVwMiV0OzQlOyU_JXAxJXAzJXwldDs3JTslPyVwNCV0OzUlO20AG1sxSwAbWzM5OzQ5bQAbWzNtABtbMjNtABtb\
        JT8lcDElezh9JTwldDMlcDElZCVlJXAxJXsxNn0lPCV0OSVwMSV7OH0lLSVkJWUzODs1OyVwMSVkJTttABtbJT8l\
        cDElezh9JTwldDQlcDElZCVlJXAxJXsxNn0lPCV0MTAlcDElezh9JS0lZCVlNDg7NTslcDElZCU7bQA=
        """
}
