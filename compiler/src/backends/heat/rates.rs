//! Rates: where the cloud lets us, a policy for each, on the ports that send so much at most.

use super::Writer;
use super::parameters::Ability;
use super::servers::resource;
use super::yaml::{Map, Yaml};
use crate::lab::LabNic;

/// The condition that the cloud lets us limit rates.
pub(super) const HAS_RATES: &str = "has_rates";

impl Writer<'_> {
    /// The policy of a NIC whose rate is limited, as a property of its port.
    pub(super) fn rate_policy(&mut self, nic: &LabNic) -> Option<Yaml> {
        let kilobits = (nic.impairment.rate? / 1000).max(1);
        let policy = match self.policies.get(&kilobits) {
            Some(policy) => policy.clone(),
            None => self.make_policy(kilobits),
        };
        let choice = [HAS_RATES.into(), resource(&policy), Yaml::Null];
        Some(Map::default().with("if", Yaml::inline_list(choice)).inline())
    }

    fn make_policy(&mut self, kilobits: u64) -> String {
        self.parameters.ability(Ability::Rates);
        let rate = format!("{kilobits}kbps");
        let policy = self.ids.names.unique("rate", &rate);
        let properties = Map::default().with("name", format!("{}/{rate}", self.lab.topology.name));
        self.conditional(HAS_RATES, &policy, "OS::Neutron::QoSPolicy", properties);
        let rule = self.ids.names.unique("rate_rule", &rate);
        let most = Yaml::Int(i64::try_from(kilobits).unwrap_or(i64::MAX).min(i64::from(i32::MAX)));
        let properties = Map::default().with("policy", resource(&policy)).with("max_kbps", most);
        self.conditional(HAS_RATES, &rule, "OS::Neutron::QoSBandwidthLimitRule", properties);
        self.policies.insert(kilobits, policy.clone());
        policy
    }
}
