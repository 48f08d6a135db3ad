/// The terminfo entries that the terminal is driven with, whatever `TERM` says.
///
/// Every terminal of this century understands them, so unknown names (`TERM=ghostty` over ssh) do
/// no harm. They are `xterm-256color` of ncurses 6.4 without keys, `bce`, `rep`, scrolling, modes
/// and printers; the modes are ours, and a line feed is never a movement, since it scrolls. In
/// `recount-direct` a colour is always 0xRRGGBB, sent as `38;2;r;g;b`; the branch for the first
/// eight that other direct entries have is left out, so black is black.
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
        b64:HgIqAA8ADwBpAYoBcmVjb3VudC1kaXJlY3R8cmVjb3VudCB3aXRoIGRpcmVjdCBjb2xvcnMAAAEAAAEAAAAA\
        AAAAAAEBAFAAAAD_____GAAAAP____________________________________________________8AAAABAAAB\
        AP____8AAP____8CAAoADgASAP__HQAuADIA__82AP____84AP__PAD__0AA_____________0QA_____0kA____\
        ____TgBTAFgAXQD__2YA________agBwAP______________________________________________________\
        ________________________________________________________________________________________\
        _________________3YA__9_AIgA_____5EAmgD__6MA________________________________rAD_______-3\
        AP__________________________________________________7QDzAP______________________________\
        ________________________________________________________________________________________\
        ________________________________________________________________________________________\
        ________________________________________________________________________________________\
        _______________5AP______________________________________________________________________\
        __4A__________________________________8HAf_______________________wwB____________________\
        ______________________________________________________________________________8SAU4BDQAb\
        W0gbWzJKABtbSwAbW0oAG1slaSVwMSVkRwAbWyVpJXAxJWQ7JXAyJWRIABtbQgAbW0gACAAbW0MAG1tBABtbUAAb\
        WzFtABtbMm0AG1s3bQAbWzdtABtbNG0AG1slcDElZFgAG1ttABtbMjdtABtbMjRtABtbJXAxJWRQABtbJXAxJWRC\
        ABtbJXAxJWRAABtbJXAxJWREABtbJXAxJWRDABtbJXAxJWRBABtbJWklcDElZGQAG1swJT8lcDYldDsxJTslPyVw\
        NSV0OzIlOyU_JXAyJXQ7NCU7JT8lcDElcDMlfCV0OzclO20AG1s_N2gAG1s_N2wAG1sxSwAbWzM5OzQ5bQAbWzNt\
        ABtbMjNtABtbMzg7MjslcDElezY1NTM2fSUvJWQ7JXAxJXsyNTZ9JS8lezI1NX0lJiVkOyVwMSV7MjU1fSUmJWRt\
        ABtbNDg7MjslcDElezY1NTM2fSUvJWQ7JXAxJXsyNTZ9JS8lezI1NX0lJiVkOyVwMSV7MjU1fSUmJWRtAAEAAAAA\
        AAEABAABAAAAUkdCAA==
        """

    private static let indexedEntry = """
        b64:HgIpAA8ADwBpAZEBcmVjb3VudC0yNTZjb2xvcnxyZWNvdW50IHdpdGggMjU2IGNvbG9ycwAAAQAAAQAAAAAA\
        AAAAAQFQAAAA_____xgAAAD_____________________________________________________AAEAAAAAAQD_\
        ____AAD_____AgAKAA4AEgD__x0ALgAyAP__NgD_____OAD__zwA__9AAP____________9EAP____9JAP______\
        _04AUwBYAF0A__9mAP_______2oAcAD_________________________________________________________\
        ________________________________________________________________________________________\
        ______________92AP__fwCIAP____-RAJoA__-jAP_______________________________6wA________twD_\
        _________________________________________________-0A8wD_________________________________\
        ________________________________________________________________________________________\
        ________________________________________________________________________________________\
        ________________________________________________________________________________________\
        ____________-QD________________________________________________________________________-\
        AP__________________________________BwH_______________________8MAf______________________\
        ____________________________________________________________________________EgFRAQ0AG1tI\
        G1sySgAbW0sAG1tKABtbJWklcDElZEcAG1slaSVwMSVkOyVwMiVkSAAbW0IAG1tIAAgAG1tDABtbQQAbW1AAG1sx\
        bQAbWzJtABtbN20AG1s3bQAbWzRtABtbJXAxJWRYABtbbQAbWzI3bQAbWzI0bQAbWyVwMSVkUAAbWyVwMSVkQgAb\
        WyVwMSVkQAAbWyVwMSVkRAAbWyVwMSVkQwAbWyVwMSVkQQAbWyVpJXAxJWRkABtbMCU_JXA2JXQ7MSU7JT8lcDUl\
        dDsyJTslPyVwMiV0OzQlOyU_JXAxJXAzJXwldDs3JTttABtbPzdoABtbPzdsABtbMUsAG1szOTs0OW0AG1szbQAb\
        WzIzbQAbWyU_JXAxJXs4fSU8JXQzJXAxJWQlZSVwMSV7MTZ9JTwldDklcDElezh9JS0lZCVlMzg7NTslcDElZCU7\
        bQAbWyU_JXAxJXs4fSU8JXQ0JXAxJWQlZSVwMSV7MTZ9JTwldDEwJXAxJXs4fSUtJWQlZTQ4OzU7JXAxJWQlO20A
        """
}
