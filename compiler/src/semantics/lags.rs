//! Aggregations: their logical ends and member links.

use super::attributes::rank;
use super::evaluate::Place;
use super::schema::Kind;
use super::scope::instance_name;
use super::world::{Definitions, EndEntry, EndTarget, Env, Eval, LagEntry, Stop, World};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::links as codes;
use crate::source::Span;
use crate::syntax::ast::{self, EndRefs, ExprKind, ItemKind};
use crate::value::{LagId, NodeId, Value};

impl<'a> World<'a> {
    /// Makes an aggregation, with its logical ends and member links.
    pub fn make_lag(&mut self, lag: &'a ast::Link, item: &'a ast::Item, env: &Env<'a>) -> Eval<()> {
        for (keys, env) in self.unroll_dims(lag.dims.as_deref(), env)? {
            let mut ends = self.lag_ends(&lag.left, &env)?;
            let left = ends.len();
            if let Some(right) = &lag.right {
                ends.extend(self.lag_ends(right, &env)?);
            }
            let labels: Vec<String> = ends.iter().map(|end| self.end_label(&end.target)).collect();
            let prefix = self.scopes.get(env.scope).map(|scope| scope.prefix.clone()).unwrap_or_default();
            let name = lag.name.as_ref().map(|name| match &lag.dims {
                Some(_) => instance_name(&name.text, &keys),
                None => name.text.to_string(),
            });
            let path = match &name {
                Some(name) => format!("{prefix}{name}"),
                None => {
                    let mut labels = labels.clone();
                    labels.sort();
                    labels.join("--")
                }
            };
            let words = format!("lag `{path}`");
            let (entity, others) = self.block_entity(Kind::Lag, words, lag.block.as_ref(), &env, item.span);
            let id = self.add_lag(LagEntry { entity, path, name, ends, members: Vec::new() });
            self.enter_lag_ends(id);
            let mut made = Ok(());
            for (inner, inside) in others {
                match &inner.kind {
                    ItemKind::Link(link) => made = made.and(self.make_link(link, inner, &inside, Some(id))),
                    _ => self.refuse_items(vec![(inner, inside)], "a `lag`"),
                }
            }
            made?;
            self.check_lag(id, left, lag.left.span, item.span);
            self.bind_link(lag, &keys, Vec::new(), true, &env);
        }
        Ok(())
    }

    /// The logical interfaces at a side of an aggregation: one, or in brackets those of several nodes.
    fn lag_ends(&mut self, written: &'a ast::End, env: &Env<'a>) -> Eval<Vec<EndEntry>> {
        match &written.refs {
            EndRefs::One(end) => Ok(vec![self.lag_end(written, end, env)?]),
            EndRefs::List(ends, _) => ends.iter().map(|end| self.lag_end(written, end, env)).collect(),
        }
    }

    /// The logical interface that one reference at a side of an aggregation names.
    fn lag_end(&mut self, written: &'a ast::End, end: &'a ast::Expr, env: &Env<'a>) -> Eval<EndEntry> {
        let message = "the end of a `lag` is a logical interface of a node, such as `leaf:ae0`";
        let ExprKind::Port(base, parts, span) = &end.kind else {
            return self.error(&codes::E0526, end.span, message, "no interface");
        };
        let Place::Value(Value::Node(node)) = self.settled(|world| world.place(base, env, None))? else {
            return self.error(&codes::E0526, end.span, message, "no single node");
        };
        let name = self.plain_text(parts, env, *span)?;
        if self.nodes.get(node.index()).is_some_and(|node| node.shape.port(&name).is_some()) {
            let message = format!("`{name}` is a port, and the end of a `lag` is a logical interface over ports");
            let help = "give the end a name of its own, such as `ae0` or `bond0`; its ports stand in the member links";
            return self.stop(Diagnostic::new(&codes::E0526, *span, message, "a port").help(help));
        }
        let entity = self.interface_entity(node, &name, end.span).ok_or(Stop::Reported)?;
        let mut own = Definitions::default();
        let this = Some(Value::Node(node));
        let others = self.collect_definitions(&written.items, &env.of(this), rank::BLOCK, &mut own);
        self.refuse_items(others, "the end of a `lag`");
        self.add_definitions(entity, own);
        Ok(EndEntry { entity, target: EndTarget::Node(node, Some(name)), span: end.span })
    }

    fn enter_lag_ends(&mut self, id: LagId) {
        let ends: Vec<EndTarget> = self
            .lags
            .get(id.index())
            .map_or_else(Vec::new, |lag| lag.ends.iter().map(|end| end.target.clone()).collect());
        for end in ends {
            if let EndTarget::Node(node, Some(name)) = end
                && let Some(entry) = self.nodes.get_mut(node.index()).and_then(|node| node.interfaces.get_mut(&name))
            {
                entry.lag = Some(id);
            }
        }
    }

    /// Members lead between the two sides of the aggregation; `left` of its ends are on the left.
    fn check_lag(&mut self, id: LagId, left: usize, end: Span, whole: Span) {
        let Some(lag) = self.lags.get(id.index()) else { return };
        let nodes = |ends: &[EndEntry]| -> Vec<Option<NodeId>> {
            ends.iter().map(|end| if let EndTarget::Node(node, _) = end.target { Some(node) } else { None }).collect()
        };
        let wanted = nodes(&lag.ends);
        let members: Vec<(Vec<Option<NodeId>>, Span)> = lag
            .members
            .iter()
            .filter_map(|member| self.links.get(*member))
            .map(|link| (nodes(&link.ends), link.ends[0].span))
            .collect();
        if members.is_empty() {
            let message = "a `lag` has member links in its block";
            let help = "write them inside: `link a:eth1 <-> b:eth1`";
            self.incomplete = true;
            self.report(Diagnostic::new(&codes::E0527, whole, message, "no members").help(help));
            return;
        }
        for (ends, at) in members {
            let (near, far) = wanted.split_at(left.min(wanted.len()));
            let is_on = |side: &[Option<NodeId>], end: usize| ends.get(end).is_some_and(|end| side.contains(end));
            let fits = match far {
                [] => is_on(near, 0) || is_on(near, 1),
                _ => is_on(near, 0) && is_on(far, 1) || is_on(far, 0) && is_on(near, 1),
            };
            if !fits {
                let message = "a member link does not lead between the nodes of its `lag`";
                self.report(Diagnostic::new(&codes::E0527, at, message, "goes elsewhere").label(end, "this `lag`"));
            }
        }
    }
}
