from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.fields import status_of
from territories import invitations, teams
from territories.enums import PROGRAMME_ROLES, Role
from territories.forms import AccountForm, InvitationForm, RoleForm
from territories.invitations import AlreadyInvited, InvitationRefused, UnknownLink
from territories.models import Grant, Territory
from territories.permissions import (
    check_user_can_invite,
    check_user_can_manage_team,
    invitable_roles,
    user_can_manage_team,
)
from territories.teams import TeamChangeRefused


@require_safe
def team(request, ref):
    """The members; for whoever may invite, the invitations that wait and the form."""
    territory = _visible_territory(request, ref)
    roles = invitable_roles(request.user, territory)
    return _team_page(request, territory, roles, InvitationForm(roles=roles))


@require_POST
def invitation_send(request, ref):
    territory = _visible_territory(request, ref)
    check_user_can_invite(request.user, territory)
    roles = invitable_roles(request.user, territory)
    form = InvitationForm(request.POST, roles=roles)
    if not form.is_valid():
        return _team_page(request, territory, roles, form, status=400)
    try:
        invitations.invite(territory=territory, by=request.user, **form.cleaned_data)
    except AlreadyInvited as refusal:
        messages.info(request, str(refusal))
    except InvitationRefused as refusal:
        form.add_error("email", str(refusal))
        return _team_page(request, territory, roles, form, status=409)
    else:
        messages.success(request, f"L’invitation part à l’adresse {form.cleaned_data['email']}.")
    return redirect("territories:team", ref)


@require_POST
def invitation_resend(request, ref, invitation_ref):
    territory = _visible_territory(request, ref)
    check_user_can_invite(request.user, territory)
    invitation = get_object_or_404(_pending_for(request.user, territory), ref=invitation_ref)
    try:
        invitations.invite_again(invitation=invitation, by=request.user)
    except InvitationRefused as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, f"Un nouveau lien part à l’adresse {invitation.email}.")
    return redirect("territories:team", ref)


@require_POST
def invitation_withdraw(request, ref, invitation_ref):
    territory = _visible_territory(request, ref)
    check_user_can_invite(request.user, territory)
    invitation = _pending_for(request.user, territory).filter(ref=invitation_ref).first()
    if invitation is None:  # withdrawn by a first click, or accepted in the meantime
        messages.info(request, "Cette invitation n’est plus en attente.")
        return redirect("territories:team", ref)
    try:
        invitations.withdraw_invitation(invitation=invitation, by=request.user)
    except InvitationRefused as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, f"L’invitation de {invitation.email} est retirée.")
    return redirect("territories:team", ref)


@require_http_methods(["GET", "HEAD", "POST"])
def member_change(request, ref, grant_ref):
    """One member: their role and until when, handing them the lead, removing them."""
    territory = _visible_territory(request, ref)
    check_user_can_manage_team(request.user, territory)
    grant = get_object_or_404(_members(territory), ref=grant_ref)
    form = RoleForm(request.POST or None, initial={"role": grant.role, "until": grant.until})
    status = status_of(form)
    if request.method == "POST" and form.is_valid():
        try:
            teams.change_role(grant=grant, by=request.user, **form.cleaned_data)
        except TeamChangeRefused as refusal:
            form.add_error("role", str(refusal))
            status = 409
        else:
            messages.success(request, f"Le rôle de {grant.user} est enregistré.")
            return redirect("territories:team", ref)
    context = {
        "territory": territory,
        "member": grant,
        "is_lead": grant.role == Role.LEAD,
        "is_self": grant.user == request.user,
        "form": form,
    }
    return render(request, "territories/member.html", context, status=status)


@require_POST
def lead_hand_over(request, ref, grant_ref):
    territory = _visible_territory(request, ref)
    grant = get_object_or_404(_members(territory), ref=grant_ref)
    if grant.role == Role.LEAD:  # the second click of somebody who is no longer lead
        messages.info(request, f"{grant.user} est référent du territoire.")
        return redirect("territories:team", ref)
    check_user_can_manage_team(request.user, territory)
    try:
        teams.hand_over(to=grant, by=request.user)
    except TeamChangeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, f"{grant.user} est maintenant référent du territoire ; vous êtes contributeur."
        )
    return redirect("territories:team", ref)


@require_POST
def member_remove(request, ref, grant_ref):
    territory = _visible_territory(request, ref)
    check_user_can_manage_team(request.user, territory)
    grant = _members(territory).filter(ref=grant_ref).first()
    if grant is None:  # the second click, or removed by another lead
        messages.info(request, "Cette personne ne fait plus partie de l’équipe.")
        return redirect("territories:team", ref)
    try:
        teams.remove_member(grant=grant, by=request.user)
    except TeamChangeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{grant.user} n’a plus ce rôle dans l’équipe.")
    if grant.user == request.user:
        return redirect("home")  # this team's page may be closed to them now
    return redirect("territories:team", ref)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """What a link leads to. Only a POST accepts: mail scanners GET every link they see."""
    try:
        invitation, has_expired = invitations.read_token(token)
    except UnknownLink:
        return render(request, "territories/invitation_unknown.html", status=404)
    if invitation.accepted_at is not None:
        messages.info(request, "Cette invitation a déjà été acceptée.")
        return redirect("home")
    context = {"invitation": invitation, "token": token}
    if has_expired:
        return render(request, "territories/invitation_expired.html", context, status=410)
    if request.user.is_authenticated:
        return _accept_signed_in(request, invitation, context)
    if invitations.account_of(invitation) is not None:
        return render(request, "territories/invitation_sign_in.html", context)
    return _open_account(request, invitation, context)


@login_not_required
@require_POST
def invitation_renew(request, token):
    """A fresh link, sent to the invited address whoever asks for it."""
    try:
        invitation, _ = invitations.read_token(token)
        invitations.invite_again(invitation=invitation, by=None)
    except UnknownLink:
        return render(request, "territories/invitation_unknown.html", status=404)
    except InvitationRefused as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, f"Un nouveau lien part à l’adresse {invitation.email}.")
    return redirect("territories:invitation", token)


def _accept_signed_in(request, invitation, context):
    if not invitations.is_for(invitation, request.user):
        return render(request, "territories/invitation_other_account.html", context, status=403)
    if request.method == "POST":
        try:
            invitations.accept_invitation(invitation=invitation, by=request.user)
        except InvitationRefused as refusal:
            return _refused(request, refusal, context)
        return _welcome(request, invitation)
    return render(request, "territories/invitation_accept.html", context)


def _open_account(request, invitation, context):
    form = AccountForm(request.POST or None, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        try:
            user = invitations.open_account(invitation=invitation, **form.cleaned_data)
        except InvitationRefused as refusal:
            return _refused(request, refusal, context)
        login(request, user)
        return _welcome(request, invitation)
    context = {**context, "form": form}
    return render(request, "territories/invitation_account.html", context, status=status_of(form))


def _welcome(request, invitation):
    messages.success(request, f"Bienvenue dans l’équipe : {invitation.territory}.")
    return redirect("home")


def _refused(request, refusal, context):
    """Withdrawn, accepted or answered in another tab since the page was read: it says so anew."""
    messages.info(request, str(refusal))
    return redirect("territories:invitation", context["token"])


def _visible_territory(request, ref):
    return get_object_or_404(Territory.objects.visible_to(request.user), ref=ref)


def _members(territory):
    return Grant.objects.current().of_team().filter(territory=territory).select_related("user")


def _pending_for(user, territory):
    """The invitations that `user` may see, send again and withdraw."""
    return territory.invitations.pending().filter(role__in=invitable_roles(user, territory))


def _team_page(request, territory, roles, form, status=200):
    grants = territory.grants.current().select_related("user").order_by("user__name", "pk")
    rank = list(Role).index
    grants = sorted(grants, key=lambda grant: rank(grant.role))
    # Somebody who follows the territory through several programmes is shown once.
    followers = {
        (grant.user_id, grant.role): grant for grant in grants if grant.role in PROGRAMME_ROLES
    }
    context = {
        "territory": territory,
        "members": [grant for grant in grants if grant.role not in PROGRAMME_ROLES],
        "followers": list(followers.values()),
        "can_manage": user_can_manage_team(request.user, territory),
        "can_invite": bool(roles),
        "pending": territory.invitations.pending().filter(role__in=roles),
        "form": form,
    }
    return render(request, "territories/team.html", context, status=status)
