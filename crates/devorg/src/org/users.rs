//! All users of the org.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::org::user::OrgUser;

/// All users, by id and by login.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<OrgUser>", into = "Vec<OrgUser>")]
pub(crate) struct Users {
    all: BTreeMap<String, OrgUser>,
    logins: HashMap<String, String>,
}

impl Users {
    /// The user with this id.
    pub(crate) fn get(&self, id: &str) -> Option<&OrgUser> {
        self.all.get(id)
    }

    /// The same, mutable. The login must not change.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut OrgUser> {
        self.all.get_mut(id)
    }

    /// The user with this login, or with this part before the `@`, as in Okta.
    pub(crate) fn by_login(&self, login: &str) -> Option<&OrgUser> {
        let wanted = login.trim().to_lowercase();
        let id = self.logins.get(&wanted).or_else(|| {
            let mut short = self.logins.iter().filter(|(l, _)| l.split('@').next() == Some(wanted.as_str()));
            let found = if wanted.contains('@') { None } else { short.next() };
            // A short name that two users share identifies neither.
            found.filter(|_| short.next().is_none()).map(|(_, id)| id)
        })?;
        self.all.get(id)
    }

    /// Whether this login is taken.
    pub(crate) fn is_taken(&self, login: &str) -> bool {
        self.logins.contains_key(&login.to_lowercase())
    }

    /// Adds a user, or replaces the one with the same id.
    pub(crate) fn put(&mut self, user: OrgUser) {
        self.logins.insert(user.login.to_lowercase(), user.id.clone());
        self.all.insert(user.id.clone(), user);
    }

    /// Removes a user.
    pub(crate) fn remove(&mut self, id: &str) {
        if let Some(user) = self.all.remove(id) {
            self.logins.remove(&user.login.to_lowercase());
        }
    }

    /// All users.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &OrgUser> {
        self.all.values()
    }
}

impl From<Vec<OrgUser>> for Users {
    fn from(all: Vec<OrgUser>) -> Self {
        let mut users = Self::default();
        all.into_iter().for_each(|user| users.put(user));
        users
    }
}

impl From<Users> for Vec<OrgUser> {
    fn from(users: Users) -> Self {
        users.all.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::org::new_user::NewUser;
    use crate::random::Random;

    #[test]
    fn a_user_is_found_by_login_in_any_case_and_by_its_first_part() {
        let mut random = Random::seeded(1);
        let mut users = Users::default();
        users.put(NewUser::named("Mary@example.com").create(Timestamp::default(), &mut random));
        assert!(users.by_login(" mary@EXAMPLE.com").is_some());
        assert!(users.by_login("mary").is_some());
        users.put(NewUser::named("mary@example.org").create(Timestamp::default(), &mut random));
        assert!(users.by_login("mary").is_none(), "a short name that two users share identifies neither");
    }
}
