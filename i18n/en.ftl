# The words of the interface in English. The syntax is that of Project Fluent; docs/languages.md says how a site
# overrides them and adds languages. What stands in { } is put in by the program; a comment names what else it gives.

## Small signs. A sign with a space at its edge is written in quotes.

comma = {", "}
enumeration = {", "}
semicolon = {"; "}
colon = {": "}
full-stop = .
gap = {" "}
and = {" and "}
or = {" or "}
# lower: labels begin with a small letter inside a sentence. same: they stay as they are.
inside-a-sentence = lower

## Numbers and money

number-group = ,
number-point = .
# Digits after the point of an amount that is given in the words below.
scale-places = 3
scale-12 = tn
scale-9 = bn
scale-6 = m
# $amount, $currency: the string currency-CODE where there is one, else the code
money = { $currency }{"\u00A0"}{ $amount }
value-undisclosed = Undisclosed
value-none = No price
value-about = about { $value }
value-between = { $low } to { $high }
value-up-to = up to { $most }
value-up-to-upfront = up to { $most }, { $upfront } upfront
value-royalty = royalty of { $percent }{"\u00A0"}% per { $per }
value-royalty-cap = royalty of { $percent }{"\u00A0"}% per { $per }, at most { $cap }
value-undisclosed-alone = Value undisclosed
n-of-total = { $n } of { $total }
stake = { $percent }%
stake-plus = { $percent }% plus { $n } { $n ->
    [one] share
   *[other] shares
}
stake-minus = { $percent }% minus { $n } { $n ->
    [one] share
   *[other] shares
}

## Dates, as precise as their sources. $month is the month's name, $number its number.

date-year = { $year }
# $quarter: 1 to 4; $name: the string quarter-1 to quarter-4
date-quarter = { $name } quarter of { $year }
# $month, $number
date-month = { $month } { $year }
# $month, $number
date-day = { $day }{"\u00A0"}{ $month } { $year }
# $day, $month, $number, $year of the first day; $from and $to: both days in full; $lastday, $lastnumber
period-in-month = { $day }–{ $to }
# $day, $month, $number, $year of the first day; $from and $to: both days in full; $lastday, $lastnumber
period-in-year = { $day }{"\u00A0"}{ $month } – { $to }
# $day, $month, $number, $year of the first day; $from and $to: both days in full; $lastday, $lastnumber
period = { $from } – { $to }
date-moment = { $day }, { $time }{"\u00A0"}{ $zone }
date-year-brief = { $year }
date-quarter-brief = Q{ $quarter } { $year }
# $month: the string month-short-1 to month-short-12, $number
date-month-brief = { $month } { $year }
# $month: the string month-short-1 to month-short-12, $number
date-day-brief = { $day }{"\u00A0"}{ $month } { $year }
quarter-1 = first
quarter-2 = second
quarter-3 = third
quarter-4 = fourth
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec
month-letter-1 = J
month-letter-2 = F
month-letter-3 = M
month-letter-4 = A
month-letter-5 = M
month-letter-6 = J
month-letter-7 = J
month-letter-8 = A
month-letter-9 = S
month-letter-10 = O
month-letter-11 = N
month-letter-12 = D

## What happens in deals, who takes part, how far they come

kind-acquisition = Acquisition
kind-minority-stake = Minority stake
kind-merger = Merger
kind-business-sale = Business sale
kind-patent-assignment = Patent assignment
kind-patent-licence = Patent licence
kind-brand-licence = Brand licence
kind-patent-cross-licence = Patent cross-licence
kind-joint-venture = Joint venture
kind-supply = Supply
kind-partnership = Partnership
kind-investment = Investment
kind-settlement = Settlement
kind-appointment = Appointment
kind-departure = Departure
kind-unit-launch = Unit launch
role-acquirer = Acquirer
role-buyer = Buyer
role-investor = Investor
role-licensor = Licensor
role-licensee = Licensee
role-merging-party = Merging party
role-joint-venturer = Joint venturer
role-supplier = Supplier
role-partner = Partner
role-claimant = Claimant
role-appointee = Appointee
role-owner = Owner
role-leader = Leader
role-survivor = Survivor
role-target = Target
role-vehicle = Vehicle
role-unit = Unit
role-customer = Customer
role-respondent = Respondent
role-employer = Employer
role-seller = Seller
role-previous-employer = Previous employer
role-adviser = Adviser
state-rumoured = Rumoured
state-mou = Memorandum
state-announced = Announced
state-signed = Signed
state-approved = Approved
state-effective = Effective
state-closed = Closed
state-terminated = Terminated
state-expired = Expired
state-rejected = Rejected
state-unwound = Unwound
source-press-release = press release
source-filing = filing
source-report = report
source-interview = interview
source-company-site = company site
source-court = court
source-regulator = regulator
source-other = other
# A source without a title.
source-untitled = { $publisher }, { $kind }
correction = Correction
clarification = Clarification
update = Update

## Around every page

language-name = English
skip = Skip to content
home = Home
nav-main = Main
nav-languages = Languages
breadcrumbs = Breadcrumbs
topics = Topics
companies = Companies
people = People
stories = Stories
articles = Articles
pages = Pages
deals = Deals
search = Search
corrections = Corrections
feed = Feed
feed-of-page = Feed of this page
published-by = Published by { $publisher }.
page-number = Page { $n }
page-suffix = , page { $n }
page-sentence = {" "}Page { $n }.
page-in-brackets = { $text } (page { $n })
not-found = Page not found
not-found-text = There is no page at this address.
not-found-why = There is no page at this address. It may have moved, or the address may be mistyped.
to-home = Go to the front page
moved = This page has moved
sheet-part = , part { $n }
pager = Pages
newer = Newer
older = Older
nothing-here = There is nothing here yet.
site-card = The site's card

## The front page and articles

latest = Latest
recent-deals = Recent deals
more-news = More news
running-stories = Running stories
archive = Archive
unit-articles = { $n ->
    [one] article
   *[other] articles
}
unit-deals = { $n ->
    [one] deal
   *[other] deals
}
unit-counterparties = { $n ->
    [one] counterparty
   *[other] counterparties
}
# The next four stand before a name or a date, or after it.
by = {"By "}
published = {"Published "}
updated = {"Updated "}
counted-up-to = {"Counted up to "}
deals-here = Deals in this article
before-and-after = Before and after
before-and-after-long = What the parties were in the news for before and after
party = Party
before = Before
after = After
nothing-earlier = Nothing earlier
nothing-later = Nothing later
related-coverage = Related coverage
part-of = Part of
filed-under = Filed under
neighbours = Articles before and after
earlier = Earlier
later = Later
coverage = Coverage
sources = Sources
in-this-text = In this text
contents = Contents
notes = Notes
note = Note { $n }
back-to-text = Back to the text
link-to = Link to “{ $title }”
table = Table
done = done
not-done = open
alert-note = Note
alert-tip = Tip
alert-important = Important
alert-warning = Warning
alert-caution = Caution

## Deals

key-facts = Key facts
fact-kind = Kind
fact-value = Value
fact-of-which = Of which
fact-estimates = Estimates
fact-scope = Scope
fact-term = Term
fact-territory = Territory
fact-exclusivity = Exclusivity
exclusive = Exclusive
not-exclusive = Not exclusive
fact-status = Status
fact-expected = Expected to close
fact-jurisdictions = Jurisdictions
fact-part = { $what }: { $amount }
fact-estimate = { $amount } ({ $by })
state-and-date = { $state }, { $date }
how-it-stands = How it stands
expected-to-close = Expected to close: { $date }
awaited = { $deal }: expected to close, { $date }
what-comes-next = What comes next
consists = What it consists of
consists-long = What the deal consists of
part = Part
from = From
to = To
what = What
value = Value
stakes = Stakes
who-holds-what = Who holds what
holder = Holder
holding-of = Of
stake-column = Stake
parties = Parties
follows = Follows
deal-title = { $deal }: the deal
# $kind, $names, $deal; $worth: the string deal-worth or nothing, $state: the string deal-state or nothing
deal-description = { $kind }: { $names }.{ $worth }{ $state } Parties, terms, timeline and sources of “{ $deal }”.
deal-worth = {" "}Value: { $value }.
deal-state = {" "}{ $state }, { $date }.
# The name of a deal that has none in this language.
deal-made-name = { $names }: { $kind }
states-at-once = { $first } and { $second }
status-here = { $state }, { $date }.
status-not-yet = {" "}Not yet { $states }.
status-expected = {" "}Expected: { $date }.
not-yet = not yet
expected = expected { $date }

## The ledger

ledger-of-year = Deals of { $year }
ledger-of-kind = Deals: { $kind }
ledger-described = The ledger: every deal with its parties, value and status.
ledger-described-year = The ledger: every deal of { $year } with its parties, value and status.
ledger-described-kind = The ledger: every deal of the kind { $kind } with its parties, value and status.
disclosed-a-value = disclosed a value
disclosed-in-all = disclosed in all, by currency
years = Years
year = Year
kinds-of-deal = Kinds of deal
kind = Kind
date = Date
deal = Deal
status = Status
ledger-caption = { $title }, newest first. “Undisclosed” means that no sum is known; it never means zero.
deals-as-data = Deals as data
what-columns-mean = What the columns mean
cite-as = {"Cite as: "}
licence = Licence
table-of = Deals: { $name }
# $publisher, $title, $n, $newest: the string citation-newest or nothing, $page, $licence: the string citation-licence or nothing
citation = { $publisher }, “{ $title }” (data set of { $n } { $n ->
    [one] deal
   *[other] deals
}{ $newest }), { $page }.{ $licence }
# Of the ledger, for search engines.
data-about = The ledger of { $site }: every deal with its kind, its parties and their roles, its dates and status, its value where it was disclosed, countries and sources.
citation-newest = , the newest of { $date }
citation-licence = {" "}{ $licence }.

## Companies, people, topics, stories, archive

company = Company
deals-by-role = Deals by role
otherwise-concerned = Otherwise concerned
timeline = Timeline
people-in-and-out = People in and out
people-of = People of { $name }
person = Person
post = Post
deals-with = Deals with
structure = Structure
parent = Parent
subsidiaries = Subsidiaries
former-names = Former names
former-until = {", until "}
identifiers = Identifiers
company-described = { $name }: deals by role, counterparties, people and coverage{ $page }.
company-described-place = { $name } ({ $country }): deals by role, counterparties, people and coverage{ $page }.
posts = Posts
posts-of = Posts of { $name }
deals-and-appointments = Deals and appointments
articles-written = Articles written
person-described = { $name }: articles and coverage{ $page }.
person-described-post = { $name }, { $post } at { $company }: posts, appointments and coverage{ $page }.
topic = Topic
newest-deals = Newest deals
within-topic = Within this topic
tag-and = { $tag } and
related-topics = Related topics
also-called = Also called
with-disclosed-value = with a disclosed value
topic-described = Deals and news about { $title }{ $page }.
two-topics = Two topics
pair = { $one } and { $other }
pair-described = Deals and news about { $one } and { $other } together{ $page }.
running-story = Running story
story = Story
story-so-far = The story so far
turning-points = Turning points
within-story = Within this story
companies-described = Every company whose deals are covered here, in alphabetical order.
people-described = Everybody who signs, leads or writes about the deals covered here.
topics-described = Every topic of this site, with its coverage.
stories-described = Every running story, from its first report to its last.
archive-of = Archive of { $year }
archive-of-described = Every article published in { $year }, by month.
month-described = Every article published in { $month }{ $page }.
corrections-standfirst = What was wrong, and what was true but unclear, newest first. Nothing is taken back in silence.
corrections-described = Everything that { $site } has corrected or made clear, newest first{ $page }.
nothing-to-correct = There has been nothing to correct so far.

## Newsletters

newsletter = Newsletter
newsletters = Newsletters
newsletters-described = Every newsletter of { $site }, newest first{ $page }.
newsletter-described = What was new in { $site } in the newsletter of { $date }.
# $counts: the next two strings joined by the string and, or the third alone; $period: the string period
newsletter-headline = { $counts }, { $period }
newsletter-articles = { $n ->
    [one] 1 article
   *[other] { $n } articles
}
newsletter-deals = { $n ->
    [one] 1 deal
   *[other] { $n } deals
}
newsletter-corrections = { $n ->
    [one] 1 correction
   *[other] { $n } corrections
}
newsletter-sent = Newsletter of { $date }
newsletter-more-articles = And { $n ->
    [one] 1 more article
   *[other] { $n } more articles
} on the site
newsletter-more-deals = And { $n ->
    [one] 1 more deal
   *[other] { $n } more deals
} on the site
newsletter-more-corrections = And { $n ->
    [one] 1 more correction
   *[other] { $n } more corrections
} on the site
newsletter-here = Read it on the site
newsletter-unsubscribe = Unsubscribe
corrected = Corrected

## Pictures

network-caption = The number is that of deals with { $name }; more deals, thicker line.
network-caption-newest = The number is that of deals with { $name }, of the newest { $n }; more deals, thicker line.
network-ties = Dashed lines join those that took part in the same deal.
network-more = And { $n } more.
network-table = Counterparties of { $name }
network-title = Whom { $name } deals with
network-spoken = Companies by the number of deals: { $lines }{ $more }.
network-spoken-more = ; and { $n } more
network-node = { $name }, { $n } { $n ->
    [one] deal
   *[other] deals
}
newest-deal = Newest deal
same-as-table = The same as a table
as-a-table = { $title }, as a table
in-all = In all
over-time-caption = Number of deals, by the date of announcement or signing.
over-time-month = Deals of { $year } by month
over-time-month-kind = Deals of { $year } by month and kind
over-time-years = Deals by year, { $from } to { $to }
over-time-years-kind = Deals by year and kind, { $from } to { $to }
over-time-no-month = Not shown { $n ->
    [one] is { $n } deal
   *[other] are { $n } deals
} of which no month is known.
over-time-before = Not shown { $n ->
    [one] is { $n } deal
   *[other] are { $n } deals
} before { $year }.
over-time-spoken = All deals: { $all }.
over-time-spoken-kinds = {" "}By kind: { $kinds }.
other-kinds = Other kinds
all-deals = All deals
# $yy: the last two digits
year-brief = ’{ $yy }
status-line-title = How far the deal has come
axis-title = Turning points over time
axis-heading = Deal by deal, over time
axis-caption = A dot is a day; a bar is a month, a quarter or a year of which no day is known; a dotted outline is rumoured, a plain one expected.
axis-more = { $n } earlier { $n ->
    [one] deal is
   *[other] deals are
} not shown.
axis-spoken-more = ; and { $n } earlier deals

## Search. $n stands for a number.

search-described = Articles, deals, companies, people and topics of { $site }.
search-needs-script = Searching needs JavaScript. Topics and companies are listed here.
find-article = Article
find-deal = Deal
find-about-deal = { $kind }. { $state }. { $value }.
search-this-site = Search this site
search-for = Search for
search-clear = Clear
search-keys = Keys: / to search, arrows to move between results, Esc to clear.
search-results = Results
search-more = More results
search-all = All
search-everywhere = These words are everywhere: add another.
search-busy = Searching …
search-failed = The index could not be fetched. Try again.
search-found = { $n } { $n ->
    [one] result
   *[other] results
}
search-found-none = No results
facet-type = Type
facet-kind = Kind of deal

## The script of the ledger

choose-deals = Choose deals
find = Find
show-all = Show all
country = Country
fetching-all = Fetching all deals: { $n } so far …
fetching-failed = What is older could not be fetched: this is a choice of what the page shows.
other-terms = Other terms
band-under-10m = { $currency } under 10m
band-10m-100m = { $currency } 10m to 100m
band-100m-1bn = { $currency } 100m to 1bn
band-over-1bn = { $currency } 1bn and more
shown-all = All { $n } deals
shown-some = { $shown } of { $n } deals
shown-disclosed = ; { $disclosed } of { $priced } disclosed a value

## Files for programs

groups-site = Site
groups-pairs = Topics together
feeds-of = Feeds of { $site }
feeds = Feeds
sitemap = Sitemap
deals-csv = Deals as CSV
deals-json = Deals as JSON
deals-rows = Every deal as rows of data.
about-this-site = About this site
optional = Optional
twin-label = Label
twin-published = Published
twin-updated = Updated
twin-by = By
twin-page = Page
