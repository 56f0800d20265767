//! What a deal is: its kind, who takes part in which role, how far it has come, what it is worth.

use super::{Date, Id, Value};
use crate::diagnostic::Span;
use rust_decimal::Decimal;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal, $label:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $(#[doc = $label] $variant,)* }
        impl $name {
            /// Every value, in reading order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// The word in front matter.
            #[must_use]
            pub const fn word(self) -> &'static str { match self { $(Self::$variant => $word,)* } }
            /// The words on a page.
            #[must_use]
            pub const fn label(self) -> &'static str { match self { $(Self::$variant => $label,)* } }
            /// From the word in front matter.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> { match word { $($word => Some(Self::$variant),)* _ => None } }
        }
    };
}

words! {
    /// What happens in a deal. The kind is neutral; the sides are in the roles (Mergr's rule).
    Kind {
        Acquisition = "acquisition", "Acquisition";
        MinorityStake = "minority_stake", "Minority stake";
        Merger = "merger", "Merger";
        BusinessSale = "business_sale", "Business sale";
        PatentAssignment = "patent_assignment", "Patent assignment";
        PatentLicence = "patent_licence", "Patent licence";
        BrandLicence = "brand_licence", "Brand licence";
        PatentCrossLicence = "patent_cross_licence", "Patent cross-licence";
        JointVenture = "joint_venture", "Joint venture";
        Supply = "supply", "Supply";
        Partnership = "partnership", "Partnership";
        Investment = "investment", "Investment";
        Settlement = "settlement", "Settlement";
        Appointment = "appointment", "Appointment";
        Departure = "departure", "Departure";
        UnitLaunch = "unit_launch", "Unit launch";
    }
}

words! {
    /// What a party does in a deal, in the order in which a card reads: who, what, from whom (names after FIBO).
    Role {
        Acquirer = "acquirer", "Acquirer";
        Buyer = "buyer", "Buyer";
        Investor = "investor", "Investor";
        Licensor = "licensor", "Licensor";
        Licensee = "licensee", "Licensee";
        MergingParty = "merging_party", "Merging party";
        JointVenturer = "joint_venturer", "Joint venturer";
        Supplier = "supplier", "Supplier";
        Partner = "partner", "Partner";
        Claimant = "claimant", "Claimant";
        Appointee = "appointee", "Appointee";
        Owner = "owner", "Owner";
        Leader = "leader", "Leader";
        Survivor = "survivor", "Survivor";
        Target = "target", "Target";
        Vehicle = "vehicle", "Vehicle";
        Unit = "unit", "Unit";
        Customer = "customer", "Customer";
        Respondent = "respondent", "Respondent";
        Employer = "employer", "Employer";
        Seller = "seller", "Seller";
        PreviousEmployer = "previous_employer", "Previous employer";
        Adviser = "adviser", "Adviser";
    }
}

words! {
    /// How far a deal has come.
    State {
        Rumoured = "rumoured", "Rumoured";
        Mou = "mou", "Memorandum";
        Announced = "announced", "Announced";
        Signed = "signed", "Signed";
        Approved = "approved", "Approved";
        Effective = "effective", "Effective";
        Closed = "closed", "Closed";
        Terminated = "terminated", "Terminated";
        Expired = "expired", "Expired";
        Rejected = "rejected", "Rejected";
        Unwound = "unwound", "Unwound";
    }
}

impl State {
    /// The rank in the life of a deal; announced and signed are equal, ends come last.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::Rumoured => 0,
            Self::Mou => 1,
            Self::Announced | Self::Signed => 2,
            Self::Approved => 3,
            Self::Closed | Self::Effective => 4,
            Self::Terminated | Self::Expired | Self::Rejected | Self::Unwound => 5,
        }
    }

    /// Whether nothing can follow but, after `closed`, `unwound`.
    #[must_use]
    pub const fn is_end(self) -> bool {
        self.rank() >= 4
    }
}

impl Kind {
    /// The roles that a deal of this kind needs, with how many parties at least and at most.
    #[must_use]
    pub const fn needs(self) -> &'static [(Role, usize, usize)] {
        const MANY: usize = usize::MAX;
        match self {
            Self::Acquisition => &[(Role::Acquirer, 1, MANY), (Role::Target, 1, 1)],
            Self::MinorityStake | Self::Investment => &[(Role::Investor, 1, MANY), (Role::Target, 1, 1)],
            Self::Merger => &[(Role::MergingParty, 2, MANY)],
            Self::BusinessSale | Self::PatentAssignment => &[(Role::Buyer, 1, MANY), (Role::Seller, 1, MANY)],
            Self::PatentLicence | Self::BrandLicence => &[(Role::Licensor, 1, MANY), (Role::Licensee, 1, MANY)],
            Self::PatentCrossLicence => &[(Role::Licensor, 2, MANY), (Role::Licensee, 2, MANY)],
            Self::JointVenture => &[(Role::JointVenturer, 2, MANY), (Role::Vehicle, 1, 1)],
            Self::Supply => &[(Role::Supplier, 1, MANY), (Role::Customer, 1, MANY)],
            Self::Partnership => &[(Role::Partner, 2, MANY)],
            Self::Settlement => &[(Role::Claimant, 1, MANY), (Role::Respondent, 1, MANY)],
            Self::Appointment | Self::Departure => &[(Role::Appointee, 1, 1), (Role::Employer, 1, 1)],
            Self::UnitLaunch => &[(Role::Owner, 1, 1)],
        }
    }

    /// Whether it takes effect on a day, and is not signed and closed.
    #[must_use]
    pub const fn takes_effect(self) -> bool {
        matches!(self, Self::Appointment | Self::Departure | Self::UnitLaunch)
    }

    /// Why a deal of this kind cannot reach a state: its life has other words for it.
    #[must_use]
    pub fn refuses(self, state: State) -> Option<String> {
        let wrong = match state {
            State::Effective => !self.takes_effect(),
            State::Mou | State::Signed | State::Closed | State::Unwound => self.takes_effect(),
            _ => false,
        };
        wrong.then(|| format!("a deal of kind `{}` is never `{}`", self.word(), state.word()))
    }

    /// Which states a deal of this kind can reach.
    #[must_use]
    pub fn states_help(self) -> String {
        let fit = State::ALL.iter().filter(|s| self.refuses(**s).is_none()).map(|s| s.word());
        format!("one of: {}", fit.collect::<Vec<_>>().join(", "))
    }

    /// Whether a value may be left out because money is not its nature.
    #[must_use]
    pub const fn is_moneyless(self) -> bool {
        matches!(self, Self::Appointment | Self::Departure | Self::UnitLaunch)
    }
}

/// Roles that any kind of deal may have besides its own.
pub const ANY_KIND: [Role; 6] =
    [Role::Seller, Role::Adviser, Role::PreviousEmployer, Role::Unit, Role::Leader, Role::Survivor];

/// A company or a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// An id in `content/companies`.
    Company(Id),
    /// An id in `content/people`.
    Person(Id),
}

/// Who takes part, and as what.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// The company or person.
    pub who: Who,
    /// At least one role, in reading order.
    pub roles: Vec<Role>,
}

/// One step in the life of a deal.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The state reached.
    pub state: State,
    /// When, as precisely as the source said.
    pub date: Date,
    /// The id of the source, in the file that says so.
    pub source: Option<Id>,
    /// The name of the source's publisher, resolved when the file is read.
    pub publisher: Option<String>,
    /// A remark, or the reason of a termination.
    pub note: Option<String>,
    /// Where its date stands in the file that says so.
    pub place: Span,
}

/// A second object of a deal: "and Xiaomi buys equipment".
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// What kind of deal this part alone would be.
    pub kind: Kind,
    /// Who gives.
    pub from: Option<Id>,
    /// Who receives.
    pub to: Option<Id>,
    /// In the editor's words.
    pub what: Option<String>,
    /// Its own value, where it is known.
    pub value: Option<Value>,
}

/// Who holds how much of what.
#[derive(Clone, Debug, PartialEq)]
pub struct Stake {
    /// The company that holds it.
    pub holder: Id,
    /// The company it is held of.
    pub of: Id,
    /// Per cent, in (0, 100].
    pub percent: Decimal,
    /// Shares more or less than that: "50 % plus one share".
    pub plus_shares: i64,
}

/// The terms of a licence.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Licence {
    /// What is licensed.
    pub scope: Option<String>,
    /// For how long.
    pub term: Option<String>,
    /// Where.
    pub territory: Option<String>,
    /// Whether nobody else gets one.
    pub exclusive: Option<bool>,
}

/// The record of a deal.
#[derive(Clone, Debug, PartialEq)]
pub struct Deal {
    /// The stem of the file that opens it.
    pub id: Id,
    /// A short name; the opening article's title where it has none.
    pub title: String,
    /// What happens.
    pub kind: Kind,
    /// Who takes part, in reading order.
    pub parties: Vec<Party>,
    /// How it came along, in the order written.
    pub steps: Vec<Step>,
    /// What it is worth.
    pub value: Value,
    /// When it should close.
    pub expected_close: Option<Date>,
    /// Countries, ISO 3166-1 alpha-2.
    pub jurisdictions: Vec<String>,
    /// Further objects.
    pub components: Vec<Component>,
    /// Holdings after the deal.
    pub stakes: Vec<Stake>,
    /// Terms of a licence.
    pub licence: Option<Licence>,
    /// The deal that this one follows from.
    pub follows: Option<Id>,
}

impl Deal {
    /// Every company the record speaks of.
    pub fn companies(&self) -> impl Iterator<Item = &Id> {
        let parties = self.parties.iter().filter_map(|p| match &p.who {
            Who::Company(id) => Some(id),
            Who::Person(_) => None,
        });
        let components = self.components.iter().flat_map(|c| c.from.iter().chain(&c.to));
        parties.chain(components).chain(self.stakes.iter().flat_map(|s| [&s.holder, &s.of]))
    }

    /// Every person the record speaks of.
    pub fn people(&self) -> impl Iterator<Item = &Id> {
        self.parties.iter().filter_map(|p| match &p.who {
            Who::Person(id) => Some(id),
            Who::Company(_) => None,
        })
    }

    /// Whether a role may stand in this deal.
    #[must_use]
    pub fn allows(&self, role: Role) -> bool {
        let own = std::iter::once(self.kind).chain(self.components.iter().map(|c| c.kind));
        ANY_KIND.contains(&role) || own.flat_map(Kind::needs).any(|(r, _, _)| *r == role)
    }
}
