/// What the pages about problems say beside what a problem document has: what to do, and all of it in Swedish.
struct ProblemAdvice {
    /// What to do, in English.
    let steps: [String]
    /// Title, meaning and what to do, in Swedish.
    let swedish: Swedish

    typealias Swedish = (title: String, meaning: String, steps: [String])
    private typealias Texts = (steps: [String], swedish: Swedish)

    init(_ type: ProblemType) {
        let texts = Self.texts(type)
        steps = texts.steps
        swedish = texts.swedish
    }

    private static func texts(_ type: ProblemType) -> Texts {
        switch type {
        case .malformed, .contentTooLarge, .lengthRequired, .unsupportedMediaType, .notAcceptable,
            .uriTooLong,
            .fieldsTooLarge, .expectationFailed, .methodNotAllowed, .notImplemented, .versionNotSupported:
            aboutTheRequest(type)
        case .unauthorized, .forbidden, .notFound, .tooManyRequests: aboutTheReader(type)
        case .conflict, .preconditionFailed, .preconditionRequired, .ruleBroken: aboutTheData(type)
        case .requestTimeout, .internalError, .unavailable: aboutTheMoment(type)
        }
    }

    /// The request itself is not as it must be.
    private static func aboutTheRequest(_ type: ProblemType) -> Texts {
        switch type {
        case .contentTooLarge:
            (
                [
                    "Divide the data: a batch takes 10,000 rows.",
                    "Leave out what the operation does not need.",
                ],
                (
                    "Innehållet är för stort", "Det som sändes är större än vad anropet tar emot.",
                    [
                        "Dela upp uppgifterna: en batch tar 10 000 rader.",
                        "Utelämna det som anropet inte behöver.",
                    ]
                )
            )
        case .lengthRequired:
            (
                ["Let your HTTP library send the body; it sets `Content-Length` by itself."],
                (
                    "Längden saknas", "Sänd `Content-Length` eller innehållet i delar (chunked).",
                    ["Låt ditt HTTP-bibliotek sända innehållet; det sätter `Content-Length` självt."]
                )
            )
        case .unsupportedMediaType:
            (
                [
                    "Set `Content-Type`, most often to `application/json`.",
                    "Send the body without compression.",
                ],
                (
                    "Formatet tas inte emot här",
                    "`Accept` i svaret räknar upp de format som tas emot. Ange i `Content-Type` det som du sänder.",
                    [
                        "Sätt `Content-Type`, oftast till `application/json`.",
                        "Sänd innehållet utan komprimering.",
                    ]
                )
            )
        case .notAcceptable:
            (
                ["Leave out `Accept`, or ask for `application/json`."],
                (
                    "Inget format som passar", "Fråga efter ett format som finns här; JSON finns alltid.",
                    ["Utelämna `Accept`, eller fråga efter `application/json`."]
                )
            )
        case .uriTooLong:
            (
                ["Ask for fewer ids at a time, and put the answers together."],
                (
                    "Adressen är för lång", "Anropets första rad får ha 8 192 byte.",
                    ["Fråga efter färre id åt gången och lägg ihop svaren."]
                )
            )
        case .fieldsTooLarge:
            (
                ["Send fewer or shorter fields; cookies are never needed."],
                (
                    "Anropets fält är för stora", "Sänd färre eller kortare fält.",
                    ["Sänd färre eller kortare fält; kakor behövs aldrig."]
                )
            )
        case .expectationFailed:
            (
                ["Leave out `Expect`, or send `Expect: 100-continue`."],
                (
                    "Förväntan kan inte uppfyllas", "Bara `Expect: 100-continue` är känt.",
                    ["Utelämna `Expect`, eller sänd `Expect: 100-continue`."]
                )
            )
        case .methodNotAllowed:
            (
                ["Use one of the methods in the field `Allow`.", "Look the operation up in the guide."],
                (
                    "Metoden går inte att använda här",
                    "Adressen finns; `Allow` räknar upp de metoder som den tar.",
                    ["Använd en av metoderna i fältet `Allow`.", "Slå upp anropet i guiden."]
                )
            )
        case .notImplemented:
            (
                ["Use one of the methods that the guide shows."],
                (
                    "Inte känt här", "Metoden eller kodningen är inte någon som tjänsten har.",
                    ["Använd en av de metoder som guiden visar."]
                )
            )
        case .versionNotSupported:
            (
                ["Set your client, or the proxy before it, to HTTP/1.1."],
                (
                    "HTTP-versionen stöds inte", "Använd HTTP/1.1.",
                    ["Ställ in din klient, eller den proxy som den går genom, på HTTP/1.1."]
                )
            )
        default:
            (
                [
                    "Read `errors`: `pointer` tells the place, `detail` what would pass.",
                    "Compare with the example in the guide.", "Send it again; nothing was stored.",
                ],
                (
                    "Anropet är felaktigt",
                    "Något i anropet går inte att läsa så som API:et är beskrivet: ett fält av fel slag eller utanför sitt område, ett okänt fält eller en okänd parameter, trasig JSON eller trasig HTTP. `errors` nämner varje ställe och vad som skulle gå. Inget har lagrats.",
                    [
                        "Läs `errors`: `pointer` säger var, `detail` vad som skulle gå.",
                        "Jämför med exemplet i guiden.", "Sänd igen; inget har lagrats.",
                    ]
                )
            )
        }
    }

    /// The reader may not have it, or not now.
    private static func aboutTheReader(_ type: ProblemType) -> Texts {
        switch type {
        case .unauthorized:
            (
                [
                    "Check that the field is `Authorization: Bearer`, a blank and the whole key.",
                    "Ask the coordination office for a new key if yours is lost or has expired.",
                    "To read what is published, send no key at all.",
                ],
                (
                    "En giltig nyckel behövs",
                    "Sänd `Authorization: Bearer` och en nyckel som har getts ut, inte har gått ut och inte är återkallad. Samordningskontoret ger ut nycklar.",
                    [
                        "Se efter att fältet är `Authorization: Bearer`, ett blanksteg och hela nyckeln.",
                        "Be samordningskontoret om en ny nyckel om din är borta eller har gått ut.",
                        "För att läsa det som är publicerat: sänd ingen nyckel alls.",
                    ]
                )
            )
        case .forbidden:
            (
                [
                    "Name your own organisation in what you send.",
                    "Ask the coordination office to do it, or for a key of another role.",
                ],
                (
                    "Nyckeln får inte göra detta",
                    "Nyckeln är giltig, men dess roll eller organisation tillåter inte detta. En partners nyckel skriver bara för sin egen organisation.",
                    [
                        "Ange din egen organisation i det du sänder.",
                        "Be samordningskontoret göra det, eller om en nyckel med en annan roll.",
                    ]
                )
            )
        case .tooManyRequests:
            (
                [
                    "Wait as many seconds as `Retry-After` says.",
                    "Poll with `If-None-Match`, or listen to a goal's stream, rather than ask more often.",
                ],
                (
                    "För många anrop", "Vänta så länge som `Retry-After` säger.",
                    [
                        "Vänta så många sekunder som `Retry-After` säger.",
                        "Fråga med `If-None-Match`, eller lyssna på ett måls ström, hellre än att fråga oftare.",
                    ]
                )
            )
        default:
            (
                [
                    "Check the spelling of the address and of the id; there is no slash at the end.",
                    "Look for the thing in its list.",
                    "Send your key, if it is your organisation's and not public.",
                ],
                (
                    "Här finns inget",
                    "Det finns ingen sådan adress eller sak, eller så är det en som denna nyckel inte får veta av. Adresser slutar inte med snedstreck.",
                    [
                        "Se efter hur adressen och id:t stavas; det är inget snedstreck i slutet.",
                        "Leta efter saken i dess lista.",
                        "Sänd din nyckel, om det är något som är din organisations och inte offentligt.",
                    ]
                )
            )
        }
    }

    /// What is stored, or the network's rules, do not allow it.
    private static func aboutTheData(_ type: ProblemType) -> Texts {
        switch type {
        case .conflict:
            (
                [
                    "Read `errors`, and what `existing` leads to.",
                    "If it is your own report sent again with another content, correct it with `PUT`.",
                    "If reporting is closed, ask the coordination office.",
                ],
                (
                    "Det går inte ihop med det som finns",
                    "Anropet är rätt skrivet, men det som är lagrat tillåter det inte nu: ett id eller externalId är upptaget, rapporteringen är stängd eller ett värde används. `errors` säger vilket, `existing` nämner det som är i vägen.",
                    [
                        "Läs `errors`, och det som `existing` leder till.",
                        "Är det din egen rapport, sänd igen med annat innehåll: rätta den med `PUT`.",
                        "Är rapporteringen stängd: fråga samordningskontoret.",
                    ]
                )
            )
        case .preconditionFailed:
            (
                [
                    "Read the object again with `GET`.",
                    "Look at what has changed, and make your change to that.",
                    "Send it with the new `ETag` in `If-Match`.",
                ],
                (
                    "Det har ändrats under tiden",
                    "Den ETag som står i If-Match är inte den som gäller. Läs på nytt, se vad som har ändrats och gör om det med den nya.",
                    [
                        "Läs på nytt med `GET`.", "Se vad som har ändrats och gör din ändring i det.",
                        "Sänd med den nya `ETag` i `If-Match`.",
                    ]
                )
            )
        case .preconditionRequired:
            (
                [
                    "Read the object with `GET` and keep its `ETag`.",
                    "Send that in `If-Match` with your change.",
                ],
                (
                    "If-Match behövs",
                    "Läs först och sänd dess ETag i If-Match, så att ingen annans ändring skrivs över osedd.",
                    [
                        "Läs med `GET` och behåll svarets `ETag`.",
                        "Sänd den i `If-Match` tillsammans med ändringen.",
                    ]
                )
            )
        default:
            (
                [
                    "Read `errors`: every fault of the input is there at once.",
                    "Try with `dryRun=true` in a batch, which stores nothing.",
                    "Leave out names, personal numbers, e-mail addresses and phone numbers.",
                ],
                (
                    "En regel är bruten",
                    "Anropet går att läsa men bryter mot en av nätverkets regler. `errors` nämner varje fält, regeln och vad som skulle gå. Inget har lagrats.",
                    [
                        "Läs `errors`: alla fel i det som sändes står där på en gång.",
                        "Pröva med `dryRun=true` i en batch, som inte lagrar något.",
                        "Utelämna namn, personnummer, e-postadresser och telefonnummer.",
                    ]
                )
            )
        }
    }

    /// It may well pass another time.
    private static func aboutTheMoment(_ type: ProblemType) -> Texts {
        switch type {
        case .requestTimeout:
            (
                ["Send it again, with an `externalId` or an `Idempotency-Key` so that it counts once."],
                (
                    "Anropet tog för lång tid", "Resten av anropet kom inte i tid. Sänd det igen.",
                    ["Sänd igen, med `externalId` eller `Idempotency-Key` så att det räknas en gång."]
                )
            )
        case .internalError:
            (
                [
                    "Read before you write again; with an `externalId` it is safe to send again.",
                    "Tell the operator the trace id, which is `instance` in the answer.",
                ],
                (
                    "Något gick fel här",
                    "Det är inte ditt fel och har loggats med detta spår-id. Inget har lagrats om det inte syns när du läser senare.",
                    [
                        "Läs innan du skriver igen; med `externalId` är det tryggt att sända igen.",
                        "Uppge spår-id:t för den som driver tjänsten; det är `instance` i svaret.",
                    ]
                )
            )
        default:
            (
                [
                    "Try again after as many seconds as `Retry-After` says.",
                    "A count with an `externalId` can be sent again safely.",
                ],
                (
                    "Inte tillgängligt just nu",
                    "Databasen svarar inte eller tjänsten är full. Försök igen efter så många sekunder som `Retry-After` säger; ett antal med externalId kan tryggt sändas igen.",
                    [
                        "Försök igen efter så många sekunder som `Retry-After` säger.",
                        "Ett antal med `externalId` kan tryggt sändas igen.",
                    ]
                )
            )
        }
    }
}
